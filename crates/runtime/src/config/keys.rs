//! The keys that a configuration has, found by having its struct ask for them; and, with them, which variables of the environment are
//! meant for us and mistyped. What is not set for a typing mistake would otherwise be its default, silently.
//! Invariant: no value is looked at or repeated, only names.

use std::collections::BTreeSet;

use serde::{
    Deserializer,
    de::{
        DeserializeOwned, DeserializeSeed, IntoDeserializer, MapAccess, Visitor,
        value::{Error, StrDeserializer},
    },
    forward_to_deserialize_any,
};

use super::Faults;

/// What both programs' variables begin with; behind it comes `__`.
const PREFIXES: [&str; 2] = ["PAYPHONE", "PAYPHONE_CARD"];

/// Every key of `T`, with its sections in front: `database.url`.
///
/// # Errors
/// A sentence, if a field takes neither the text `0.0.0.0:0`, nor 0, nor an empty list.
pub fn keys<T: DeserializeOwned>() -> Result<BTreeSet<String>, Faults> {
    let mut found = BTreeSet::new();
    let ask = Ask {
        path: String::new(),
        found: &mut found,
    };
    match T::deserialize(ask) {
        Ok(_) => Ok(found),
        Err(error) => Err(format!("the keys of the configuration are not known: {error}").into()),
    }
}

/// Refuses variables that are meant for this program or for nobody: with its own prefix and no key of it; or, whatever they begin with,
/// of our spelling (`PAYPHONE_…__…`) or that of one of its keys but for the number of underscores.
///
/// Everything else that begins with `PAYPHONE_` is left alone: the example's API key, and what Kubernetes tells of a service named so.
pub(super) fn check_names<'a>(
    prefix: &str,
    keys: &BTreeSet<String>,
    names: impl Iterator<Item = &'a str>,
) -> Result<(), Faults> {
    let variables: Vec<String> = keys.iter().map(|key| variable(prefix, key)).collect();
    let own = format!("{prefix}__");
    let others = PREFIXES.map(|other| format!("{other}__"));
    let mut faults = Faults::default();
    for name in names {
        let asked = name.to_uppercase();
        if variables.contains(&asked) {
            continue;
        }
        let meant = if asked.starts_with(&own) {
            true
        } else if others.iter().any(|other| asked.starts_with(other)) {
            false
        } else {
            asked.starts_with("PAYPHONE_")
                && (asked.contains("__")
                    || variables.iter().any(|known| bare(known) == bare(&asked)))
        };
        if meant {
            let nearest = variables
                .iter()
                .min_by_key(|known| strsim::osa_distance(&bare(known), &bare(&asked)));
            let nearest = nearest.map_or_else(String::new, |known| format!(": is {known} meant?"));
            faults.add(format!("the variable {name} sets nothing{nearest}"));
        }
    }
    faults.finish()
}

/// The variable that sets a key.
fn variable(prefix: &str, key: &str) -> String {
    format!("{prefix}__{}", key.replace('.', "__").to_uppercase())
}

fn bare(name: &str) -> String {
    name.replace('_', "")
}

/// Stands in for a configuration: every struct that is read from it tells its fields.
struct Ask<'a> {
    path: String,
    found: &'a mut BTreeSet<String>,
}

impl Ask<'_> {
    fn leaf(self) {
        self.found.insert(self.path);
    }
}

/// Taken by texts, paths and addresses alike.
const TEXT: &str = "0.0.0.0:0";

macro_rules! numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.leaf();
            visitor.visit_u8(0)
        }
    )*};
}

impl<'de> Deserializer<'de> for Ask<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.leaf();
        visitor.visit_str(TEXT)
    }

    numbers!(deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64);

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.leaf();
        visitor.visit_bool(false)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.leaf();
        visitor.visit_seq(serde::de::value::SeqDeserializer::<_, Error>::new(
            std::iter::empty::<u8>(),
        ))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.leaf();
        let first: StrDeserializer<'_, Error> = variants
            .first()
            .copied()
            .unwrap_or_default()
            .into_deserializer();
        visitor.visit_enum(first)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_map(Fields {
            rest: fields,
            of: self,
        })
    }

    forward_to_deserialize_any! {
        i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple tuple_struct map identifier ignored_any
    }
}

struct Fields<'a> {
    rest: &'static [&'static str],
    of: Ask<'a>,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some(field) = self.rest.first() else {
            return Ok(None);
        };
        let field: StrDeserializer<'_, Error> = (*field).into_deserializer();
        seed.deserialize(field).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let (field, rest) = self.rest.split_first().unwrap_or((&"", &[]));
        self.rest = rest;
        let path = if self.of.path.is_empty() {
            (*field).to_owned()
        } else {
            format!("{}.{field}", self.of.path)
        };
        let found = &mut *self.of.found;
        seed.deserialize(Ask { path, found })
    }
}

#[cfg(test)]
mod tests {
    use std::{net::SocketAddr, path::PathBuf};

    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its shape counts")]
    struct Sample {
        environment: crate::config::Environment,
        admin: crate::config::Listen,
        database: Database,
        #[serde(default)]
        clock: crate::config::ClockConfig,
        #[serde(deserialize_with = "crate::config::list")]
        codes: Vec<String>,
        on: bool,
        at: Option<SocketAddr>,
    }

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only its shape counts")]
    struct Database {
        url: String,
        file: PathBuf,
        calls_per_second: u32,
    }

    #[test]
    fn every_key_is_found_also_the_optional_ones() {
        let found = keys::<Sample>().unwrap();
        let found: Vec<&str> = found.iter().map(String::as_str).collect();
        assert_eq!(
            found,
            [
                "admin.listen",
                "at",
                "clock.follow",
                "clock.offset_file",
                "codes",
                "database.calls_per_second",
                "database.file",
                "database.url",
                "environment",
                "on",
            ]
        );
    }

    fn refusal(name: &str) -> String {
        let keys = keys::<Sample>().unwrap();
        match check_names("PAYPHONE", &keys, std::iter::once(name)) {
            Ok(()) => String::new(),
            Err(faults) => faults.to_string(),
        }
    }

    #[test]
    fn a_mistyped_variable_is_refused_with_the_nearest_right_one() {
        for (name, meant) in [
            ("PAYPHONE_DATABASE__URL", "PAYPHONE__DATABASE__URL"),
            ("PAYPHONE_DATABASE_URL", "PAYPHONE__DATABASE__URL"),
            ("PAYPHONE__DATABASE_URL", "PAYPHONE__DATABASE__URL"),
            ("PAYPHONE___DATABASE__URL", "PAYPHONE__DATABASE__URL"),
            ("PAYPHONE__DATABSE__URL", "PAYPHONE__DATABASE__URL"),
            ("PAYPHONE_DATABSE__URL", "PAYPHONE__DATABASE__URL"),
            ("PAYPHONE__DATABASE", "PAYPHONE__DATABASE__URL"),
            ("PAYPHONE_CARDS__DATABASE__URL", "PAYPHONE__DATABASE__URL"),
            ("payphone__admin__lisen", "PAYPHONE__ADMIN__LISTEN"),
        ] {
            assert_eq!(
                refusal(name),
                format!("the variable {name} sets nothing: is {meant} meant?")
            );
        }
    }

    #[test]
    fn what_is_not_meant_for_us_is_left_alone() {
        for name in [
            "PAYPHONE__DATABASE__URL",
            "payphone__database__url",
            "PAYPHONE_CARD__KEYS__BITS",
            // The console's example asks for it.
            "PAYPHONE_API_KEY",
            // Our suites.
            "PAYPHONE_TEST_DATABASE",
            // Kubernetes, of a service named `payphone`.
            "PAYPHONE_SERVICE_HOST",
            "PAYPHONE_PORT_8080_TCP_ADDR",
            "PAYPHONE",
            "PATH",
        ] {
            assert_eq!(refusal(name), "", "{name}");
        }
    }
}
