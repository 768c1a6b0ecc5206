//! The rules a ward can start from, with the pages they were taken from.
//!
//! A ward's page tells only some of the rules. What it leaves open is set as the national model has it, and a ward is
//! to go through every part with its own 要綱 before the first theme.

use super::{
    ApprovalOnlyHandling, CountingStart, END_OF_DAY, Eligibility, FieldRule, HolidayShift, IdentityRules,
    IncompleteHandling, LateHandling, OralHandling, OutOfScopeHandling, Rules, RulesPreset,
};

impl Rules {
    /// The rules of a preset. The places are Japanese in every language: they are a ward's own text, printed as it is.
    ///
    /// - [`RulesPreset::Shinagawa`]: 区民意見公募手続 (令和7年6月11日), `www.city.shinagawa.tokyo.jp`, page
    ///   `kuseizyoho-zyouhoukoukai-pabukome`: counted from the day after the issue of the 広報紙, 14 to 30 days; late
    ///   opinions not considered; the places of the result. 広報しながわ of 2023-12-01: 消印有効; name, address and
    ///   telephone asked. Result page `hpg000024820`: opinions about something else are not listed.
    /// - [`RulesPreset::Meguro`]: パブリックコメント手続の概要 (2021-04-01), `www.city.meguro.tokyo.jp`, page
    ///   `pabukomeyoukousoan`: at least 30 days from the day the draft is published; living, working, studying or
    ///   active in the ward; no 利害関係者.
    /// - [`RulesPreset::Shibuya`]: パブリック・コメント制度の概要, `www.city.shibuya.tokyo.jp`, page
    ///   `kusei/pbcm/outline`: at least 14 days; name and address are to be written and are not published.
    /// - [`RulesPreset::National`]: 行政手続法39条: at least 30 days from the day of publication, that day included
    ///   (3項), everybody may submit (1項); shorter with a published reason (40条1項). Identity is optional, as on
    ///   e-Gov.
    #[must_use]
    pub fn from_preset(preset: RulesPreset) -> Self {
        match preset {
            RulesPreset::Shinagawa => Self {
                preset,
                min_days: 14,
                max_days: Some(30),
                counting: CountingStart::DayAfterGazette,
                postmark: true,
                identity: IdentityRules { phone: FieldRule::Optional, ..IdentityRules::NAMED },
                result_places: places(&["区ホームページ", "担当課窓口", "区政資料コーナー", "広報紙"]),
                ..Self::national()
            },
            RulesPreset::Meguro => Self {
                preset,
                eligible: vec![Eligibility::Resident, Eligibility::Worker, Eligibility::Student, Eligibility::Business],
                identity: IdentityRules::NAMED,
                result_places: places(&["区ホームページ", "担当課窓口", "区政情報コーナー", "めぐろ区報"]),
                ..Self::national()
            },
            RulesPreset::Shibuya => Self {
                preset,
                min_days: 14,
                identity: IdentityRules::NAMED,
                result_places: places(&["区ホームページ", "担当課窓口", "区ニュース"]),
                ..Self::national()
            },
            RulesPreset::National => Self::national(),
        }
    }

    fn national() -> Self {
        Self {
            preset: RulesPreset::National,
            min_days: 30,
            max_days: None,
            counting: CountingStart::PublicationDay,
            closing_minute: END_OF_DAY,
            holiday_shift: HolidayShift::None,
            postmark: false,
            eligible: Eligibility::ALL.to_vec(),
            identity: IdentityRules::default(),
            incomplete: IncompleteHandling::Equal,
            late: LateHandling::Record,
            oral: OralHandling::Refuse,
            approval_only: ApprovalOnlyHandling::CountOnly,
            out_of_scope: OutOfScopeHandling::CountOnly,
            individual_reply: false,
            attachments: false,
            result_places: places(&["区ホームページ", "担当課窓口"]),
            retention_months: 12,
        }
    }
}

impl Default for Rules {
    /// The national model.
    fn default() -> Self {
        Self::national()
    }
}

impl IdentityRules {
    /// Name and address required, an e-mail address if there is one, nothing else.
    const NAMED: Self = Self {
        name: FieldRule::Required,
        kana: FieldRule::NotAsked,
        address: FieldRule::Required,
        phone: FieldRule::NotAsked,
        email: FieldRule::Optional,
    };
}

impl Default for IdentityRules {
    /// As on e-Gov: everything optional, and no ふりがな.
    fn default() -> Self {
        Self {
            name: FieldRule::Optional,
            kana: FieldRule::NotAsked,
            address: FieldRule::Optional,
            phone: FieldRule::Optional,
            email: FieldRule::Optional,
        }
    }
}

fn places(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
