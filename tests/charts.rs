
mod sweetspot;
mod theme;
