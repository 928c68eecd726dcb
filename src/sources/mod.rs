//! Where the truth is read. One folder or file a kind, and one row a kind in the table below.
