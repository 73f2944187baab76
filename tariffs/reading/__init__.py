"""From text to the model: the only place where files are read and words become values."""
