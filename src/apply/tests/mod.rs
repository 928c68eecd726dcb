mod stepping;
mod steps;
mod whole;
