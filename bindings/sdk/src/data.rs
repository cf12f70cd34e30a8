//! How data, choices and errors cross a language border: declared once, for every language.

/// Data that is passed by value: a record in Swift and Kotlin, an object with camel-case fields in TypeScript.
macro_rules! data {
    ($(#[$meta:meta])* pub struct $name:ident { $($body:tt)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
        #[cfg_attr(feature = "web", derive(serde::Serialize, serde::Deserialize, tsify::Tsify))]
        #[cfg_attr(feature = "web", serde(rename_all = "camelCase"))]
        #[cfg_attr(feature = "web", tsify(large_number_types_as_bigints))]
        pub struct $name { $($body)* }
    };
}

/// Data as above that holds secrets. Printing it shows none of them.
macro_rules! secret_data {
    ($(#[$meta:meta])* pub struct $name:ident { $($body:tt)* }) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq)]
        #[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
        #[cfg_attr(feature = "uniffi", uniffi::export(Debug))]
        #[cfg_attr(feature = "web", derive(serde::Serialize, serde::Deserialize, tsify::Tsify))]
        #[cfg_attr(feature = "web", serde(rename_all = "camelCase"))]
        #[cfg_attr(feature = "web", tsify(large_number_types_as_bigints))]
        pub struct $name { $($body)* }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

/// One of several kinds of data: an enum in Swift and Kotlin, a union by `kind` in TypeScript.
macro_rules! variant {
    ($(#[$meta:meta])* pub enum $name:ident { $($body:tt)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
        #[cfg_attr(feature = "web", derive(serde::Serialize, serde::Deserialize, tsify::Tsify))]
        #[cfg_attr(feature = "web", serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase"))]
        #[cfg_attr(feature = "web", tsify(large_number_types_as_bigints))]
        pub enum $name { $($body)* }
    };
}

/// One of several words: an enum in Swift and Kotlin, a union of strings in TypeScript.
macro_rules! choice {
    ($(#[$meta:meta])* pub enum $name:ident { $($body:tt)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
        #[cfg_attr(feature = "web", derive(serde::Serialize, serde::Deserialize, tsify::Tsify))]
        #[cfg_attr(feature = "web", serde(rename_all = "camelCase"))]
        pub enum $name { $($body)* }
    };
}

/// Why something failed: an exception in Swift and Kotlin; in TypeScript the `code` of an error, with its details.
macro_rules! fault {
    ($(#[$meta:meta])* pub enum $name:ident { $($body:tt)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
        #[cfg_attr(feature = "uniffi", derive(uniffi::Error))]
        #[cfg_attr(feature = "uniffi", uniffi::export(Display))]
        #[cfg_attr(feature = "web", derive(serde::Serialize, serde::Deserialize, tsify::Tsify))]
        #[cfg_attr(feature = "web", serde(tag = "code", rename_all_fields = "camelCase"))]
        #[cfg_attr(feature = "web", tsify(large_number_types_as_bigints))]
        pub enum $name { $($body)* }
    };
}
