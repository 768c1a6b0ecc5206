//! The ward that runs this installation.

use serde::{Deserialize, Serialize};

/// Name and code of the ward: one installation serves one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ward {
    /// 全国地方公共団体コード, six digits with the check digit, such as `131091`.
    pub code: String,
    /// The Japanese name, such as 品川区.
    pub name: String,
    /// The English name, such as Shinagawa City.
    pub name_en: String,
    /// Whether this installation shows invented data (a ribbon says so on every page).
    pub demo: bool,
}

impl Ward {
    /// The name in a language.
    #[must_use]
    pub fn name_in(&self, locale: crate::Locale) -> &str {
        match locale {
            crate::Locale::Ja => &self.name,
            crate::Locale::En => &self.name_en,
        }
    }
}
