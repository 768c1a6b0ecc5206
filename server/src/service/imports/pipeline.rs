//! Reading, checking and grouping the rows of a table on a thread of its own, while another writes what is ready. Only a
//! few hundred rows are in memory at a time, and the different texts.

use std::{
    collections::HashMap,
    io::Read as _,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use chrono::NaiveDate;
use domain::{
    consultation::Period,
    rules::Rules,
    similarity::{self, Grouper, Placement},
};
use sha2::{Digest as _, Sha256};
use spreadsheet::{Fault, Limits, Row};
use tokio::sync::mpsc;

use super::{
    check::{Checker, Submission},
    mapping::Mapping,
};
use crate::{repository::imports::KnownVariant, secret::Seal};

/// Rows that travel together.
const BATCH: usize = 500;

/// A table and how to read it.
#[derive(Debug)]
pub struct Job {
    /// Where the file is.
    pub path: PathBuf,
    /// What its content has to be.
    pub sha256: String,
    /// Its headings.
    pub header: Vec<String>,
    /// Which column is what.
    pub mapping: Mapping,
    /// The theme's rules.
    pub rules: Rules,
    /// The theme's period.
    pub period: Period,
    /// The day of the import.
    pub today: NaiveDate,
    /// The theme.
    pub consultation: i64,
    /// Makes the keys of people.
    pub seal: Seal,
}

/// A submission with its place among the texts.
#[derive(Debug)]
pub struct Placed {
    /// The submission.
    pub submission: Submission,
    /// The key of its sender.
    pub person: Option<String>,
    /// The place of its text; a text of signs only has none.
    pub text: Option<TextPlace>,
}

/// The place of a text.
#[derive(Debug)]
pub struct TextPlace {
    /// Number of its wording, and the id when it is stored already.
    pub variant: (usize, Option<i64>),
    /// Number of its group, and the id when it is stored already.
    pub group: (usize, Option<i64>),
    /// The hash of the folded text.
    pub hash: i64,
    /// For a new wording the bands it is found by.
    pub bands: Vec<i64>,
}

/// What comes out.
#[derive(Debug)]
pub enum Batch {
    /// Rows.
    Rows(Vec<Placed>),
    /// That was all; so long it took to group the texts.
    End(Duration),
    /// The file or a row is not as it was checked.
    Changed,
}

/// Starts a thread that waits for the known texts, reads the table and hands on its rows. It ends when nobody takes them
/// any more.
pub fn start(job: Job) -> (mpsc::Sender<Vec<KnownVariant>>, mpsc::Receiver<Batch>) {
    let (seeds, known) = mpsc::channel(2);
    let (sender, batches) = mpsc::channel(2);
    tokio::task::spawn_blocking(move || {
        let last = match run(&job, known, &sender) {
            Ok(took) => Batch::End(took),
            Err(()) => Batch::Changed,
        };
        // Nobody listens any more when the import was given up.
        drop(sender.blocking_send(last));
    });
    (seeds, batches)
}

fn run(job: &Job, mut known: mpsc::Receiver<Vec<KnownVariant>>, sender: &mpsc::Sender<Batch>) -> Result<Duration, ()> {
    if sha256(&job.path).map_err(drop)? != job.sha256 {
        return Err(());
    }
    let table = spreadsheet::open(&job.path, Limits::default()).map_err(drop)?;
    if table.header() != job.header.as_slice() {
        return Err(());
    }
    let mut texts = Texts::default();
    while let Some(some) = known.blocking_recv() {
        texts.seed(some);
    }
    let mut checker = Checker::new(&job.rules, job.period, job.today, &job.mapping);
    let mut found = Vec::new();
    let mut batch = Vec::with_capacity(BATCH);
    for row in table.rows() {
        let row: Result<Row, Fault> = row;
        found.clear();
        let submission = checker.row(&row.map_err(drop)?, &mut found).ok_or(())?;
        let person = submission.identity.match_text().map(|text| job.seal.person_key(job.consultation, &text));
        let text = texts.place(&submission.body);
        batch.push(Placed { submission, person, text });
        if batch.len() == BATCH {
            let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
            sender.blocking_send(Batch::Rows(full)).map_err(drop)?;
        }
    }
    sender.blocking_send(Batch::Rows(batch)).map_err(drop)?;
    Ok(texts.took)
}

/// The SHA-256 of a file, in hexadecimal.
fn sha256(path: &Path) -> std::io::Result<String> {
    let mut file = std::fs::File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else { break };
        hash.update(piece);
    }
    Ok(crate::secret::hex(&hash.finalize()))
}

/// The different texts so far.
#[derive(Debug, Default)]
pub(super) struct Texts {
    grouper: Grouper,
    /// The number of a wording by its hash: what has the same hash is the same wording in the database.
    by_hash: HashMap<i64, Placement>,
    pub(super) took: Duration,
}

impl Texts {
    fn seed(&mut self, known: Vec<KnownVariant>) {
        let began = Instant::now();
        for variant in known {
            let placement = self.grouper.seed(&similarity::key(&variant.body), variant.id, variant.text_group_id);
            self.by_hash.insert(variant.fold_hash, placement);
        }
        self.took += began.elapsed();
    }

    /// The place of a text.
    pub(super) fn place(&mut self, body: &str) -> Option<TextPlace> {
        let began = Instant::now();
        let key = similarity::key(body);
        if key.is_empty() {
            return None;
        }
        let hash = similarity::hash(&key);
        let (placement, bands) = match self.by_hash.get(&hash) {
            Some(known) => (*known, vec![]),
            None => {
                let placement = self.grouper.add(&key);
                self.by_hash.insert(hash, placement);
                let bands = similarity::signature(&key).map(|signature| signature.bands().to_vec());
                (placement, bands.unwrap_or_default())
            }
        };
        self.took += began.elapsed();
        Some(TextPlace {
            variant: (placement.variant, self.grouper.variant_id(placement.variant)),
            group: (placement.group, self.grouper.group_id(placement.group)),
            hash,
            bands,
        })
    }
}
