"""What leaves the library as files."""
