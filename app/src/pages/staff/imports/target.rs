use domain::Locale;

/// What a column of the table can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// 意見.
    Body,
    /// 題名.
    Title,
    /// 提出方法 (経路).
    Channel,
    /// 収受日.
    Received,
    /// 消印日.
    Postmarked,
    /// 応募資格.
    Eligibility,
    /// 氏名.
    Name,
    /// ふりがな.
    Kana,
    /// 住所.
    Address,
    /// 電話番号.
    Phone,
    /// メールアドレス.
    Email,
    /// 団体名.
    Organisation,
    /// 代表者.
    Representative,
    /// 勤務先.
    Workplace,
    /// 学校名.
    School,
    /// 利害の内容.
    Interest,
    /// 該当箇所.
    Place,
    /// 外部番号: the number the ward's own list gave it.
    External,
    /// 備考, kept as a note between staff.
    Note,
}

impl Target {
    /// Every target, in the order of the form.
    pub const ALL: [Self; 19] = [
        Self::Body,
        Self::Title,
        Self::Channel,
        Self::Received,
        Self::Postmarked,
        Self::Eligibility,
        Self::Name,
        Self::Kana,
        Self::Address,
        Self::Phone,
        Self::Email,
        Self::Organisation,
        Self::Representative,
        Self::Workplace,
        Self::School,
        Self::Interest,
        Self::Place,
        Self::External,
        Self::Note,
    ];

    /// The stable code; for who sent it the name of the field of [`domain::identity::Identity`].
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Title => "title",
            Self::Channel => "channel",
            Self::Received => "received",
            Self::Postmarked => "postmarked",
            Self::Eligibility => "eligibility",
            Self::Name => "name",
            Self::Kana => "kana",
            Self::Address => "address",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Organisation => "organisation",
            Self::Representative => "representative",
            Self::Workplace => "workplace",
            Self::School => "school",
            Self::Interest => "interest",
            Self::Place => "place",
            Self::External => "external",
            Self::Note => "note",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.code() == code)
    }

    /// The name of its field in the form.
    #[must_use]
    pub const fn input(self) -> &'static str {
        match self {
            Self::Body => "col_body",
            Self::Title => "col_title",
            Self::Channel => "col_channel",
            Self::Received => "col_received",
            Self::Postmarked => "col_postmarked",
            Self::Eligibility => "col_eligibility",
            Self::Name => "col_name",
            Self::Kana => "col_kana",
            Self::Address => "col_address",
            Self::Phone => "col_phone",
            Self::Email => "col_email",
            Self::Organisation => "col_organisation",
            Self::Representative => "col_representative",
            Self::Workplace => "col_workplace",
            Self::School => "col_school",
            Self::Interest => "col_interest",
            Self::Place => "col_place",
            Self::External => "col_external",
            Self::Note => "col_note",
        }
    }

    /// Its name, which is also the heading of the example file.
    #[must_use]
    pub fn label(self, l: Locale) -> String {
        match self {
            Self::Body => t!(l, "imports.target_body"),
            Self::Title => t!(l, "imports.target_title"),
            Self::Channel => t!(l, "imports.target_channel"),
            Self::Received => t!(l, "imports.target_received"),
            Self::Postmarked => t!(l, "imports.target_postmarked"),
            Self::Eligibility => t!(l, "imports.target_eligibility"),
            Self::Name => t!(l, "imports.target_name"),
            Self::Kana => t!(l, "imports.target_kana"),
            Self::Address => t!(l, "imports.target_address"),
            Self::Phone => t!(l, "imports.target_phone"),
            Self::Email => t!(l, "imports.target_email"),
            Self::Organisation => t!(l, "imports.target_organisation"),
            Self::Representative => t!(l, "imports.target_representative"),
            Self::Workplace => t!(l, "imports.target_workplace"),
            Self::School => t!(l, "imports.target_school"),
            Self::Interest => t!(l, "imports.target_interest"),
            Self::Place => t!(l, "imports.target_place"),
            Self::External => t!(l, "imports.target_external"),
            Self::Note => t!(l, "imports.target_note"),
        }
        .into_owned()
    }

    pub(super) fn help(self, l: Locale) -> Option<String> {
        match self {
            Self::Channel => Some(t!(l, "imports.help_channel")),
            Self::Received => Some(t!(l, "imports.help_received")),
            Self::Eligibility => Some(t!(l, "imports.help_eligibility")),
            Self::Place => Some(t!(l, "imports.help_place")),
            Self::External => Some(t!(l, "imports.help_external")),
            Self::Note => Some(t!(l, "imports.help_note")),
            _ => None,
        }
        .map(std::borrow::Cow::into_owned)
    }
}
