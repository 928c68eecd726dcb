-- What a sync last applied to a principal, as digests: enough to tell later whether the source moved or the target.
-- Losing it costs the difference between the two, nothing else.
ALTER TABLE ownership ADD COLUMN applied TEXT;
