//! Texts for measurements, as residents and wards write them; the same each time.

/// The last one is for everything else.
pub(super) const CHAPTERS: [&str; 12] = [
    "子育て・教育について",
    "高齢者・障害者福祉について",
    "健康・スポーツについて",
    "防災・減災について",
    "防犯・交通安全について",
    "公園・みどりについて",
    "住まい・まちなみについて",
    "産業・にぎわいについて",
    "環境・リサイクルについて",
    "文化・多文化共生について",
    "行政サービスのデジタル化について",
    "全般・その他",
];

/// What the opinions of each chapter are about.
const SUBJECTS: [[&str; 4]; CHAPTERS.len()] = [
    ["学童クラブの待機児童対策", "保育園の一時預かり", "通学路の安全確保", "児童館の開館時間の延長"],
    ["地域包括支援センターの体制", "移動の支援", "認知症の方と家族への支援", "障害者の就労支援"],
    ["区民健診の受診率の向上", "スポーツ施設の予約", "こころの健康づくり", "プールの改修"],
    ["避難所の環境改善", "木造住宅の耐震化", "在宅避難への備え", "防災行政無線の聞こえ方"],
    ["自転車の通行環境の整備", "防犯カメラの設置", "歩道の段差の解消", "特殊詐欺の被害防止"],
    ["公園の日陰の確保", "樹木の保全", "ボール遊びのできる広場", "川沿いの遊歩道の整備"],
    ["空き家の活用", "駅前広場の再整備", "公営住宅の建て替え", "景観の保全"],
    ["商店街の活性化", "中小企業への支援", "観光の振興", "創業の支援"],
    ["再生可能エネルギーの導入", "プラスチックの分別回収", "食品ロスの削減", "集積所の管理"],
    ["図書館の蔵書の充実", "文化財の保存と公開", "外国人住民への情報提供", "地域の祭りの継承"],
    ["オンライン申請の拡充", "窓口の待ち時間の短縮", "デジタルに不慣れな方への支援", "オープンデータの公開"],
    ["計画の進捗の公表", "区民参加の進め方", "財政の見通し", "計画の表現の分かりやすさ"],
];

/// `{}` stands for the subject.
const OPINIONS: [&str; 18] = [
    "{}について、素案では具体的な時期と数値が示されていません。年度ごとの目標を示してください。",
    "{}に力を入れることには賛成です。ただし、今ある取り組みの検証をしてから進めてほしいと思います。",
    "私の住む地域では、{}の窓口が平日の日中しか開いておらず、仕事があると利用できません。土曜日や夜間も使えるようにしてください。",
    "{}の予算が前の計画と比べてどう変わるのか、素案からは分かりません。内訳を公表してください。",
    "説明会で{}について質問しましたが、時間が足りず十分な答えをもらえませんでした。",
    "高齢の家族と暮らしています。{}の案内は文字が小さく、どこに聞けばよいのかも分かりにくいです。",
    "{}は、区だけでなく町会や学校、事業者と一緒に進めるべきです。役割の分担を計画に書いてください。",
    "近隣の自治体では、{}についてすでに先進的な取り組みが行われています。参考にしてください。",
    "子どもや若い世代の意見を、{}を検討する段階から聞く機会を設けてほしいです。",
    "工事の間、車いすやベビーカーで通れない場所がありました。{}を進めるときは、事前に周知し、迂回路を確保してください。",
    "{}に関する区のホームページは、必要な情報にたどり着くまでに何度も画面を移らなければならず、使いにくいです。",
    "数年前にも同じ要望を出しましたが、{}の状況は変わっていません。できない理由があるなら、はっきり書いてください。",
    "{}の対象を、区内に在勤・在学する人にも広げてください。",
    "夜になると暗く、一人で歩くのが不安です。{}とあわせて、街路灯を増やすことも検討してください。",
    "計画の期間が10年では長すぎます。{}については、3年ごとに見直すことを明記してください。",
    "{}の章には専門用語が多く、読んでも分かりません。用語の説明を付けてください。",
    "{}にかかる費用を区民がどのように負担するのかが気になります。負担が増えるのであれば反対です。",
    "災害が起きたときにも{}が続けられるように、代わりの手段を用意しておく必要があると思います。",
];

/// `{}` stands for the subject.
const ANSWERS: [&str; 18] = [
    "{}については、本計画の重点的な取り組みの一つとして位置づけており、いただいたご意見の趣旨は素案に記載しています。",
    "ご意見を踏まえ、{}の目標と実施時期が分かるように、本文の記載を改めました。",
    "{}は、区としても重要な課題であると認識しています。今後、利用の状況を見ながら、実施の方法を検討してまいります。",
    "予算については、毎年度の予算編成の中で必要な額を計上し、区の広報紙とホームページで内訳を公表しています。",
    "説明会でお答えできなかったご質問については、回答をまとめてホームページに掲載しています。",
    "案内の表示については、文字の大きさや色の組み合わせを見直し、どなたにも分かりやすいものとなるよう努めます。",
    "区民の皆さま、町会・自治会、事業者の皆さまとの役割の分担については、個別の計画の中で定めてまいります。",
    "{}に関する他の自治体の取り組みについては、引き続き情報を集め、区の実情に合ったものを取り入れてまいります。",
    "子どもや若い世代の意見については、学校を通じたアンケートやワークショップを行い、計画づくりに生かしています。",
    "工事にあたっては、事前に近隣の皆さまにお知らせするとともに、車いすやベビーカーをご利用の方も安全に通行できる経路を確保します。",
    "ホームページについては、令和8年度に予定している改修の中で、目的の情報にたどり着きやすい構成に改めます。",
    "{}の対象の拡大については、施設で受け入れられる人数や財源の面から、現時点では難しいと考えています。",
    "街路灯については、地域の皆さまからのご要望と現地の明るさの調査に基づき、順次、増設とLED化を進めています。",
    "計画は、社会の状況の変化に応じて3年を目途に見直すこととしており、その旨を第1章に明記しました。",
    "専門的な用語については、巻末に用語の説明を加えました。",
    "{}に係る費用の負担については、受益と負担の公平の観点から、適切な水準となるよう検討してまいります。",
    "災害時にも必要なサービスを続けられるよう、業務継続計画の中で代わりの手段を定めています。",
    "いただいたご意見は、今後の区政運営の参考とさせていただきます。",
];

/// A number that looks random and is the same each time (the output function of `SplitMix64`).
pub(super) const fn mix(seed: u64) -> u64 {
    let z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// One of `choices`, by a number that looks random.
fn pick<T: Copy + Default>(choices: &[T], seed: u64) -> T {
    let place = mix(seed).checked_rem(choices.len() as u64).unwrap_or_default();
    usize::try_from(place).ok().and_then(|place| choices.get(place)).copied().unwrap_or_default()
}

/// How long a text is at least, in characters: most are short, some are long.
fn length(seed: u64) -> usize {
    let (from, span) = match mix(seed) % 10 {
        0..6 => (100, 100),
        6..9 => (200, 200),
        _ => (400, 130),
    };
    from + usize::try_from(mix(seed ^ 1) % span).unwrap_or_default()
}

/// Sentences about the subject until the text is as long as it is to be; each is said once.
fn compose(pool: &[&str], subject: &str, seed: u64) -> String {
    let length = length(seed);
    let mut text = String::new();
    let mut written = 0;
    let first = mix(seed ^ 2);
    for step in 0..pool.len() as u64 {
        // 7 has no divisor in common with 18: every sentence comes once.
        let place = (first % 18 + step * 7) % 18;
        let sentence = usize::try_from(place).ok().and_then(|place| pool.get(place)).copied().unwrap_or_default();
        let sentence = sentence.replace("{}", subject);
        // A new line now and then, as people write.
        if !text.is_empty() && mix(seed.wrapping_add(step)).is_multiple_of(4) {
            text.push('\n');
        }
        text.push_str(&sentence);
        written += sentence.chars().count();
        if written >= length {
            break;
        }
    }
    text
}

fn subject(chapter: usize, seed: u64) -> &'static str {
    SUBJECTS.get(chapter).map(|subjects| pick(subjects, seed)).unwrap_or_default()
}

/// What somebody says about a subject of the chapter at `chapter` (from 0).
pub(super) fn opinion(chapter: usize, seed: u64) -> String {
    compose(&OPINIONS, subject(chapter, seed), seed)
}

/// What the ward answers to what was said with the same `seed`.
pub(super) fn answer(chapter: usize, seed: u64) -> String {
    compose(&ANSWERS, subject(chapter, seed), seed)
}

/// What somebody adds of their own to a text that others send as well.
pub(super) fn own(seed: u64) -> String {
    let (area, years, people) = (mix(seed) % 8 + 1, mix(seed ^ 1) % 60 + 1, mix(seed ^ 2) % 5 + 1);
    format!("私は{area}丁目に{years}年住み、{people}人で暮らしています。")
}
