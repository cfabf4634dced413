/// Implements the conversions of a newtype of `u32`. Conversion from a number fails outside the range.
macro_rules! number_type {
    ($name:ident, $range:expr, $error:expr) => {
        impl $name {
            pub fn get(self) -> u32 {
                self.0
            }
        }

        impl TryFrom<u32> for $name {
            type Error = $crate::Error;

            fn try_from(number: u32) -> Result<Self, Self::Error> {
                if $range.contains(&number) { Ok(Self(number)) } else { Err($error) }
            }
        }

        impl From<$name> for u32 {
            fn from(value: $name) -> u32 {
                value.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}
