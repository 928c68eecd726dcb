-- A server has a row that is written for no other reason than to see whether it can be. A file needs none.
SELECT 1;
