//! People sign in.
