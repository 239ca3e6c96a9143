//! What a file of irio is: its first key says so, and of which version it is.

use super::document::Section;
use crate::fault::{Fault, Faults, Location};

/// Version of every kind of file that this program reads.
pub(super) const VERSION: i64 = 1;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Scenario,
    Table,
    Game,
    Build,
    Models,
    Elasticities,
    Agglomeration,
}

impl Kind {
    const ALL: [Kind; 7] = [
        Kind::Scenario,
        Kind::Table,
        Kind::Game,
        Kind::Build,
        Kind::Models,
        Kind::Elasticities,
        Kind::Agglomeration,
    ];

    /// The key that says that a file is of the kind.
    fn key(self) -> &'static str {
        match self {
            Kind::Scenario => "irio_scenario",
            Kind::Table => "irio_table",
            Kind::Game => "irio_game",
            Kind::Build => "irio_build",
            Kind::Models => "irio_model",
            Kind::Elasticities => "irio_elasticities",
            Kind::Agglomeration => "irio_agglomeration",
        }
    }

    fn what(self) -> &'static str {
        match self {
            Kind::Scenario => "a scenario",
            Kind::Table => "a table",
            Kind::Game => "a game",
            Kind::Build => "a build",
            Kind::Models => "a model file",
            Kind::Elasticities => "a set of elasticities",
            Kind::Agglomeration => "a file of measures",
        }
    }

    /// What one does with a file of the kind.
    fn does(self) -> &'static str {
        match self {
            Kind::Scenario => "run it with `irio run`; its line table = \"...\" names the table",
            Kind::Table => "look at it with `irio check`",
            Kind::Game => "play it with `irio locate`",
            Kind::Build => "make it with `irio build`",
            Kind::Models => "estimate it with `irio estimate`",
            Kind::Elasticities => "name it in [density] of a scenario",
            Kind::Agglomeration => "compute it with `irio agglomeration`",
        }
    }

    /// A file must be of this kind, by its own key in a version that is known.
    ///
    /// # Errors
    /// If it says that it is of another kind. A missing key and another version are told to the document.
    pub(super) fn expect(self, root: &Section<'_>) -> Result<(), Faults> {
        self.refuse_others(root)?;
        root.require(self.key());
        self.expect_version(root);
        Ok(())
    }

    /// The same where the key may be missing.
    pub(super) fn expect_if_said(self, root: &Section<'_>) -> Result<(), Faults> {
        self.refuse_others(root)?;
        self.expect_version(root);
        Ok(())
    }

    fn refuse_others(self, root: &Section<'_>) -> Result<(), Faults> {
        match Kind::ALL.into_iter().find(|kind| root.peek(kind.key())) {
            Some(other) if !root.peek(self.key()) => {
                let text = format!("is {}, not {}", other.what(), self.what());
                let fault = Fault::new(Location::whole(root.document().path()), text);
                Err(fault.help(other.does()).into())
            }
            _ => Ok(()),
        }
    }

    fn expect_version(self, root: &Section<'_>) {
        let version = root.integer(self.key());
        if let Some(version) = version.filter(|version| version.value != VERSION) {
            let text =
                format!("{} of version {}, this irio reads {VERSION}", self.what(), version.value);
            root.document().push(Fault::new(version.at, text).help("a newer irio reads it"));
        }
    }
}
