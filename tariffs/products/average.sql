-- The trade-weighted average duty by day, importer, origin and family, and the share of trade whose duty is not known.
--
-- Reads three tables, the Parquet files of `tariffs products export`:
--   days   day: the days to answer for. The file has every day on which a rate changes; any other table with this column will do.
--   fates  what goods of one fate are charged, one row per duty and interval
--   goods  the lines of an origin: fate, general duty and trade, one row per interval
-- Every interval is [since, until), and one without `until` is open.
--
-- Gives: rate, what a family adds [percent of customs value of the trade whose duty is known; the families of a day add up to the
-- average, and one that is not there adds 0], and unknown_share, the trade whose duty is not known [percent of all trade].
-- For the parts by authority or by duty write `f.authority AS family` or `f.duty AS family` where `charged` has `f.family`.
WITH pools AS (
  SELECT g.importer, g.origin, g.fate, g.since, g.until,
    SUM(g.value) AS value,
    SUM(CASE WHEN g.mfn IS NULL THEN 0 ELSE g.value END) AS rated,
    SUM(CASE WHEN g.mfn IS NULL THEN 0 ELSE g.value * g.mfn END) AS general
  FROM goods AS g
  GROUP BY g.importer, g.origin, g.fate, g.since, g.until
),
charged AS (
  SELECT d.day, f.importer, f.origin, f.fate, f.family, f.rate
  FROM fates AS f
  JOIN days AS d ON f.since <= d.day AND (f.until IS NULL OR d.day < f.until)
),
doubtful AS (
  SELECT DISTINCT c.day, c.importer, c.origin, c.fate
  FROM charged AS c
  WHERE c.rate IS NULL
),
standing AS (
  SELECT d.day, p.importer, p.origin, p.fate,
    SUM(p.value) AS value,
    SUM(CASE WHEN u.fate IS NULL THEN p.rated ELSE 0 END) AS known,
    SUM(CASE WHEN u.fate IS NULL THEN p.general ELSE 0 END) AS general
  FROM pools AS p
  JOIN days AS d ON p.since <= d.day AND (p.until IS NULL OR d.day < p.until)
  LEFT JOIN doubtful AS u
    ON u.day = d.day AND u.importer = p.importer AND u.origin = p.origin AND u.fate = p.fate
  GROUP BY d.day, p.importer, p.origin, p.fate
),
totals AS (
  SELECT s.day, s.importer, s.origin, SUM(s.value) AS value, SUM(s.known) AS known
  FROM standing AS s
  GROUP BY s.day, s.importer, s.origin
),
parts AS (
  SELECT s.day, s.importer, s.origin, CONCAT(LOWER(s.importer), '-mfn') AS family, SUM(s.general) AS revenue
  FROM standing AS s
  GROUP BY s.day, s.importer, s.origin
  UNION ALL
  SELECT s.day, s.importer, s.origin, c.family, SUM(s.known * c.rate) AS revenue
  FROM standing AS s
  JOIN charged AS c
    ON c.day = s.day AND c.importer = s.importer AND c.origin = s.origin AND c.fate = s.fate
  WHERE c.rate IS NOT NULL AND s.known > 0
  GROUP BY s.day, s.importer, s.origin, c.family
)
SELECT p.day, p.importer, p.origin, p.family,
  p.revenue / NULLIF(t.known, 0) AS rate,
  100 * (1 - t.known / NULLIF(t.value, 0)) AS unknown_share
FROM parts AS p
JOIN totals AS t ON t.day = p.day AND t.importer = p.importer AND t.origin = p.origin
ORDER BY p.day, p.importer, p.origin, p.family
