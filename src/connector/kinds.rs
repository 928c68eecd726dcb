/// Turns a table of connector kinds into the shape of the configuration, the list of kinds, and the builder.
///
/// A connector is one row, `key => its::Config;`. Its configuration type has `const EXAMPLE: &'static str` (a working
/// sample, parsed by a test) and `fn build(&self, &BuildContext) -> Result<BUILT, Vec<BuildError>>`, where the table names
/// what is built.
/// The kind is a key of its own beside the common ones, so that serde's errors point at the exact line and field.
#[macro_export]
macro_rules! connector_kinds {
    (
        $(#[$docs:meta])*
        $shape:ident builds $built:ty {
            common { $( $(#[$field_docs:meta])* $field:ident: $type:ty, )* }
            $( $(#[$kind_docs:meta])* $kind:ident => $config:ty; )+
        }
    ) => {
        $(#[$docs])*
        #[derive(Debug, Clone, Default, serde::Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields, default)]
        pub struct $shape {
            $( $(#[$field_docs])* pub $field: $type, )*
            $( $(#[$kind_docs])* pub $kind: Option<$config>, )+
        }

        impl $shape {
            /// Every kind, in the order of the table.
            pub const KINDS: &'static [&'static str] = &[$(stringify!($kind)),+];

            /// A working sample of each kind, in the order of the table.
            pub const EXAMPLES: &'static [&'static str] = &[$(<$config>::EXAMPLE),+];

            /// The kinds that are set. Exactly one should be.
            #[must_use]
            pub fn chosen(&self) -> Vec<&'static str> {
                let mut kinds = Vec::new();
                $( if self.$kind.is_some() { kinds.push(stringify!($kind)); } )+
                kinds
            }

            /// Builds the first kind that is set; nothing where none is.
            ///
            /// # Errors
            /// Every value that the connector cannot work with.
            pub fn build(
                &self,
                context: &$crate::connector::BuildContext,
            ) -> Option<Result<$built, Vec<$crate::connector::BuildError>>> {
                $( if let Some(config) = &self.$kind { return Some(config.build(context)); } )+
                None
            }
        }
    };
}
