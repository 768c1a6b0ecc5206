//! The choices of a [`Rules`](super::Rules), each with a stable code that is the same in database, JSON and forms.

use serde::{Deserialize, Serialize};

/// Declares an enum whose variants have codes. The codes are also the names in JSON; a test holds them together.
macro_rules! coded {
    ($(#[$meta:meta])* $name:ident { $($(#[$note:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$note])* $variant,)+
        }

        impl $name {
            /// Every variant, in the order they are printed.
            pub const ALL: [Self; [$($code),+].len()] = [$(Self::$variant),+];

            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }

            /// Reads a code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|variant| variant.code() == code)
            }
        }
    };
}

pub(crate) use coded;

coded! {
    /// Rules to start from; [`Rules::from_preset`](super::Rules::from_preset) has their sources.
    #[derive(Default)]
    RulesPreset {
        /// 品川区区民意見公募手続.
        Shinagawa = "shinagawa",
        /// 目黒区パブリックコメント手続.
        Meguro = "meguro",
        /// 渋谷区パブリック・コメント制度.
        Shibuya = "shibuya",
        /// The model of 行政手続法第6章 (意見公募手続).
        #[default]
        National = "national",
    }
}

coded! {
    /// 起算日: the day from which a period is counted.
    #[derive(Default)]
    CountingStart {
        /// 公表日から: the day of publication is the first.
        #[default]
        PublicationDay = "publication_day",
        /// 公表日の翌日から: the day of publication is not counted.
        DayAfterPublication = "day_after_publication",
        /// 広報紙発行日の翌日から: the day of the issue that announces the theme is not counted.
        DayAfterGazette = "day_after_gazette",
    }
}

coded! {
    /// What happens when the last day is a Saturday, a Sunday, a holiday or in the New Year break.
    #[derive(Default)]
    HolidayShift {
        /// Nothing: it stays the last day.
        #[default]
        None = "none",
        /// The next working day is the last day (after 地方自治法4条の2第4項).
        NextWorkday = "next_workday",
    }
}

coded! {
    /// Whether a person is asked for something.
    #[derive(Default)]
    FieldRule {
        /// 必須.
        Required = "required",
        /// 任意.
        Optional = "optional",
        /// Not asked: the field is not shown and nothing is stored.
        #[default]
        NotAsked = "not_asked",
    }
}

coded! {
    /// What a person can be asked about themselves.
    IdentityField {
        /// 氏名.
        Name = "name",
        /// ふりがな.
        Kana = "kana",
        /// 住所.
        Address = "address",
        /// 電話番号.
        Phone = "phone",
        /// メールアドレス.
        Email = "email",
    }
}

coded! {
    /// 意見を提出できる方.
    Eligibility {
        /// 在住.
        Resident = "resident",
        /// 在勤.
        Worker = "worker",
        /// 在学.
        Student = "student",
        /// 区内事業者・団体.
        Business = "business",
        /// 利害関係者.
        Interested = "interested",
    }
}

impl Eligibility {
    /// What this kind of person is asked for besides the identity; residents nothing, their address says it.
    #[must_use]
    pub const fn extra(self) -> Option<ExtraField> {
        match self {
            Self::Resident => None,
            Self::Worker => Some(ExtraField::Workplace),
            Self::Student => Some(ExtraField::School),
            Self::Business => Some(ExtraField::Organisation),
            Self::Interested => Some(ExtraField::Interest),
        }
    }
}

coded! {
    /// What makes somebody eligible, in words of their own.
    ExtraField {
        /// 勤務先.
        Workplace = "workplace",
        /// 学校名.
        School = "school",
        /// 団体名・代表者.
        Organisation = "organisation",
        /// 利害の内容.
        Interest = "interest",
    }
}

impl ExtraField {
    /// The names of its inputs in forms; an organisation has two, its name and its representative.
    #[must_use]
    pub const fn inputs(self) -> &'static [&'static str] {
        match self {
            Self::Workplace => &["workplace"],
            Self::School => &["school"],
            Self::Organisation => &["organisation", "representative"],
            Self::Interest => &["interest"],
        }
    }
}

coded! {
    /// What happens to an opinion whose required identity is incomplete.
    #[derive(Default)]
    IncompleteHandling {
        /// 同等に扱う.
        #[default]
        Equal = "equal",
        /// 受理するが回答対象外.
        NoReply = "no_reply",
        /// 受理しない.
        Refuse = "refuse",
    }
}

coded! {
    /// What happens to an opinion that arrives after the period.
    #[derive(Default)]
    LateHandling {
        /// 記録するが考慮しない.
        #[default]
        Record = "record",
        /// 受理しない.
        Refuse = "refuse",
    }
}

coded! {
    /// What happens to an opinion given by telephone or word of mouth.
    #[derive(Default)]
    OralHandling {
        /// 聞き取って受理: staff write it down.
        Accept = "accept",
        /// 受け付けない: the ways to submit are explained.
        #[default]
        Refuse = "refuse",
    }
}

coded! {
    /// What happens to an opinion that only says yes or no (賛否のみ).
    #[derive(Default)]
    ApprovalOnlyHandling {
        /// 件数のみ: counted, without 区の考え方.
        #[default]
        CountOnly = "count_only",
        /// As any other opinion.
        AsOpinion = "as_opinion",
        /// 意見とみなさない: not counted.
        NotOpinion = "not_opinion",
    }
}

coded! {
    /// What happens to an opinion about something else than the draft.
    #[derive(Default)]
    OutOfScopeHandling {
        /// 件数のみ: counted, not listed.
        #[default]
        CountOnly = "count_only",
        /// 所管へ引き継ぐ.
        HandOver = "hand_over",
        /// As any other opinion.
        AsOpinion = "as_opinion",
    }
}

coded! {
    /// A part of the rules that a theme can have otherwise than its ward.
    RulePart {
        /// Least and greatest number of days.
        Period = "period",
        /// The day the counting starts.
        Counting = "counting",
        /// The closing time.
        Closing = "closing",
        /// 消印有効.
        Postmark = "postmark",
        /// Who may submit.
        Eligible = "eligible",
        /// What people are asked about themselves.
        Identity = "identity",
        /// Incomplete identity.
        Incomplete = "incomplete",
        /// Late opinions.
        Late = "late",
        /// Oral opinions.
        Oral = "oral",
        /// 賛否のみ.
        ApprovalOnly = "approval_only",
        /// Opinions about something else.
        OutOfScope = "out_of_scope",
        /// 個別回答.
        IndividualReply = "individual_reply",
        /// Files sent with an opinion.
        Attachments = "attachments",
        /// Where the result is shown.
        ResultPlaces = "result_places",
        /// How long identities are kept.
        Retention = "retention",
        /// A last day on a day off.
        HolidayShift = "holiday_shift",
    }
}
