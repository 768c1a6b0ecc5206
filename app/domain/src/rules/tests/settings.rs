use std::fmt::Debug;

use serde::{Serialize, de::DeserializeOwned};

use super::*;

#[test]
fn the_presets_are_as_their_sources_say() {
    assert_eq!(Rules::default(), Rules::from_preset(RulesPreset::National));
    for preset in RulesPreset::ALL {
        let rules = Rules::from_preset(preset);
        assert_eq!((rules.preset, rules.check()), (preset, Ok(())));
    }
    let meguro = Rules::from_preset(RulesPreset::Meguro);
    assert!(!meguro.eligible.contains(&Eligibility::Interested));
    let shinagawa = Rules::from_preset(RulesPreset::Shinagawa);
    assert!(shinagawa.postmark && shinagawa.result_places.iter().any(|place| place == "区政資料コーナー"));
    let shibuya = Rules::from_preset(RulesPreset::Shibuya);
    let asked = IdentityField::ALL.map(|field| shibuya.identity.of(field));
    assert_eq!((asked[0], asked[2]), (FieldRule::Required, FieldRule::Required));
    let nation = Rules::default().identity;
    assert!(IdentityField::ALL.iter().all(|field| nation.of(*field) != FieldRule::Required));
}

#[test]
fn each_kind_has_its_extra_field() {
    let extra = Eligibility::ALL.map(|kind| kind.extra().map_or(&[][..], ExtraField::inputs));
    let expected: [&[&str]; 5] = [&[], &["workplace"], &["school"], &["organisation", "representative"], &["interest"]];
    assert_eq!(extra, expected);
}

#[test]
fn a_field_of_identity_is_set_alone() {
    for field in IdentityField::ALL {
        let mut rules = IdentityRules::default();
        rules.set(field, FieldRule::Required);
        for other in IdentityField::ALL {
            let expected = if other == field { FieldRule::Required } else { IdentityRules::default().of(other) };
            assert_eq!(rules.of(other), expected);
        }
    }
}

type Change = fn(&mut Rules);

const CHANGES: [(RulePart, Change); 17] = [
    (RulePart::Period, |r| r.min_days = 21),
    (RulePart::Period, |r| r.max_days = Some(40)),
    (RulePart::Counting, |r| r.counting = CountingStart::DayAfterPublication),
    (RulePart::Closing, |r| r.closing_minute = 1020),
    (RulePart::Postmark, |r| r.postmark = true),
    (RulePart::Eligible, |r| r.eligible.truncate(3)),
    (RulePart::Identity, |r| r.identity.kana = FieldRule::Optional),
    (RulePart::Incomplete, |r| r.incomplete = IncompleteHandling::NoReply),
    (RulePart::Late, |r| r.late = LateHandling::Refuse),
    (RulePart::Oral, |r| r.oral = OralHandling::Accept),
    (RulePart::ApprovalOnly, |r| r.approval_only = ApprovalOnlyHandling::NotOpinion),
    (RulePart::OutOfScope, |r| r.out_of_scope = OutOfScopeHandling::HandOver),
    (RulePart::IndividualReply, |r| r.individual_reply = true),
    (RulePart::Attachments, |r| r.attachments = true),
    (RulePart::ResultPlaces, |r| r.result_places.clear()),
    (RulePart::Retention, |r| r.retention_months = 36),
    (RulePart::HolidayShift, |r| r.holiday_shift = HolidayShift::NextWorkday),
];

#[test]
fn every_change_is_named_and_the_preset_and_the_order_are_none() {
    let mut all = Rules::default();
    for (part, change) in CHANGES {
        let mut rules = Rules::default();
        change(&mut rules);
        assert_eq!(rules.differs(&Rules::default()), [part]);
        assert_eq!(Rules::default().differs(&rules), [part]);
        change(&mut all);
    }
    assert_eq!(all.differs(&Rules::default()), RulePart::ALL);
    let mut same = Rules { preset: RulesPreset::Meguro, ..Rules::default() };
    same.eligible.reverse();
    assert_eq!(same.differs(&Rules::default()), []);
}

#[test]
fn rules_that_make_no_sense_are_refused() {
    let range = |min, max| Problem::NumberRange { min, max };
    let wrong: [(&str, Problem, Change); 13] = [
        ("min_days", range(1, 366), |r| r.min_days = 0),
        ("min_days", range(1, 366), |r| r.min_days = 367),
        ("max_days", range(30, 366), |r| r.max_days = Some(29)),
        ("max_days", range(30, 366), |r| r.max_days = Some(367)),
        ("closing_minute", range(1, 1440), |r| r.closing_minute = 0),
        ("closing_minute", range(1, 1440), |r| r.closing_minute = 1441),
        ("eligible", Problem::ChoiceRequired, |r| r.eligible.clear()),
        ("retention_months", range(1, 120), |r| r.retention_months = 0),
        ("retention_months", range(1, 120), |r| r.retention_months = 121),
        ("result_places", Problem::TooMany { max: 10 }, |r| r.result_places = vec!["窓口".to_owned(); 11]),
        ("result_places", Problem::Required, |r| r.result_places.push("　 ".to_owned())),
        ("result_places", Problem::TooLong { max: 80, actual: 81 }, |r| r.result_places.push("区".repeat(81))),
        ("result_places", Problem::ControlCharacters, |r| r.result_places.push("窓\0口".to_owned())),
    ];
    for (field, problem, change) in wrong {
        let mut rules = Rules::default();
        change(&mut rules);
        assert_eq!(rules.check(), Err(FieldErrors::one(field, problem)));
    }
    let edge = Rules {
        min_days: 366,
        max_days: Some(366),
        closing_minute: 1,
        retention_months: 120,
        result_places: vec!["区".repeat(80); 10],
        ..Rules::default()
    };
    assert_eq!(edge.check(), Ok(()));
}

fn codes_are_the_names_in_json<T: Serialize + DeserializeOwned + PartialEq + Debug + Copy>(
    all: &[T],
    code: fn(T) -> &'static str,
    from_code: fn(&str) -> Option<T>,
) {
    for value in all {
        let json = serde_json::to_string(value).unwrap();
        assert_eq!(json, format!("\"{}\"", code(*value)));
        assert_eq!(serde_json::from_str::<T>(&json).unwrap(), *value);
        assert_eq!(from_code(code(*value)), Some(*value));
    }
    assert_eq!(from_code("nothing_such"), None);
    assert!(serde_json::from_str::<T>("\"nothing_such\"").is_err());
}

#[test]
fn codes_are_stable() {
    macro_rules! check {
        ($($kind:ident),+) => {
            $(codes_are_the_names_in_json(&$kind::ALL, $kind::code, $kind::from_code);)+
        };
    }
    check!(RulesPreset, CountingStart, HolidayShift, FieldRule, IdentityField, Eligibility, ExtraField);
    check!(IncompleteHandling, LateHandling, OralHandling, ApprovalOnlyHandling, OutOfScopeHandling, RulePart);
    let breach = Breach::LastDayOff { next: day("2026-06-15") };
    assert_eq!((breach.code(), Breach::GazetteMissing.code()), ("last_day_off", "gazette_missing"));
}

#[test]
fn stored_rules_may_lack_fields() {
    assert_eq!(serde_json::from_str::<Rules>("{}").unwrap(), Rules::default());
    let json = r#"{"preset":"shibuya","min_days":14,"identity":{"address":"required"},"field_of_the_future":1}"#;
    let read: Rules = serde_json::from_str(json).unwrap();
    let expected = Rules {
        preset: RulesPreset::Shibuya,
        min_days: 14,
        identity: IdentityRules { address: FieldRule::Required, ..IdentityRules::default() },
        ..Rules::default()
    };
    assert_eq!(read, expected);
    for preset in RulesPreset::ALL {
        let rules = Rules::from_preset(preset);
        let json = serde_json::to_string(&rules).unwrap();
        assert_eq!(serde_json::from_str::<Rules>(&json).unwrap(), rules);
    }
}

#[test]
fn themes_are_numbered_by_fiscal_year() {
    for (year, id, number) in
        [(2026, 3, "R8-0003"), (2019, 1, "R1-0001"), (2018, 42, "H30-0042"), (2026, 12_345, "R8-12345")]
    {
        assert_eq!(theme_number(year, id), number);
    }
}
