mod pages;
mod signatures;
