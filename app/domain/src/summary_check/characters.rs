use super::scan::{Scan, Span};
use super::{Kind, Marks, Place};

/// Kanji that Windows knows and JIS X 0208 doesn't (NEC選定IBM拡張文字, IBM拡張文字).
const EXTENDED: &str = "丨仡仼伀伃伹佖侊侒侔侚俉俍俿倞倢偀偂偆偰傔僘僴兊兤冝冾凬刕劜劦劯勀勛匀匇匤卲厓厲叝咊咜咩哿喆坙坥垬埇埈增墲夋奓奛奝奣妤妺孖寀寘寬尞岦岺峵崧嵂嵓嵭嶸嶹巐弡弴彅彧德忞恝悅悊惕惞惲愑愠愰愷憘戓抦揵摠撝擎敎昀昉昕昞昤昮昱昻晗晙晥晳暙暠暲暿曺曻朎杦枻柀栁桄桒棈棏楨榘槢樰橆橫橳橾櫢櫤毖氿汜汯沆泚洄浯涇涖涬淏淲淸淼渧渹渼湜溿澈澵濵瀅瀇瀨炅炫炻焄焏煆煇煜燁燾犱犾猤獷玽珉珒珖珣珵琇琦琩琪琮瑢璉璟甁甯畯皂皛皜皞皦睆砡硎硤硺礰禔禛竑竧竫箞絈絜綠綷緖繒纊罇羡茁荢荿菇菶葈蒴蓜蕓蕙蕫薰蠇裵褜訒訷詹誧誾諟諶譓譿賰賴贒赶軏遧郞鄕鄧釗釚釞釤釥釭釮鈆鈊鈐鈹鈺鈼鉀鉎鉑鉙鉧鉷鉸銈銧鋐鋓鋕鋗鋙鋠鋧鋹鋻鋿錂錝錞錡錥鍈鍗鍰鎤鏆鏞鏸鐱鑅鑈閒隝隯霳霻靃靍靏靑靕顗顥餧馞驎髙髜魲魵鮏鮱鮻鰀鵫鵰鸙黑";

/// Marks stretches of [`Kind::MachineDependent`] and [`Kind::RareCharacter`], each wording once.
pub(super) fn find(scan: &Scan, marks: &mut Marks) {
    let mut seen: Vec<&str> = Vec::new();
    let mut i = 0;
    while i < scan.len() {
        let Some(kind) = kind_at(scan, i) else {
            i += 1;
            continue;
        };
        let end = (i + 1..scan.len()).find(|next| kind_at(scan, *next) != Some(kind)).unwrap_or(scan.len());
        let stretch = scan.slice(i, end);
        if !seen.contains(&stretch) {
            seen.push(stretch);
            marks.add(kind, Place::Summary, Span { start: i, end });
        }
        i = end;
    }
}

fn kind_at(scan: &Scan, i: usize) -> Option<Kind> {
    let c = scan.get(i)?;
    if is_machine_dependent(c) {
        Some(Kind::MachineDependent)
    } else if is_rare(c) {
        Some(Kind::RareCharacter)
    } else {
        None
    }
}

/// NEC特殊文字 and what resembles them in Unicode (enclosed, squared and Roman characters), half-width katakana, and
/// characters that only their maker's font knows (外字).
fn is_machine_dependent(c: char) -> bool {
    matches!(c,
        '\u{2100}' | '\u{2105}' | '№' | '℡' | '\u{2150}'..='\u{218B}'
        | '\u{2460}'..='\u{24FF}' | '\u{2776}'..='\u{2793}' | '\u{3200}'..='\u{33FF}'
        | '∑' | '∟' | '∮' | '⊿' | '〝' | '〟'
        | '\u{FF61}'..='\u{FF9F}'
        | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}')
}

/// Kanji beyond JIS X 0208 and CJK compatibility kanji, variation selectors, emoji and other pictures (★☆♪ and a few more
/// are in JIS X 0208).
fn is_rare(c: char) -> bool {
    matches!(c,
        '\u{3400}'..='\u{4DBF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{200D}' | '\u{20E3}'
        | '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}')
        && !matches!(c, '★' | '☆' | '♀' | '♂' | '♪' | '♭' | '♯')
        || matches!(c, '\u{4E00}'..='\u{9FFF}') && EXTENDED.contains(c)
}
