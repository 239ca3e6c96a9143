//! Key numbers of an estimate.

use super::{EFFECTS, Number, Subject, Told, Turning, telling, whole};
use crate::brief::common::card_in;
use crate::brief::content::Card;
use crate::brief::prose::Prose;
use crate::brief::speech::Facts;
use crate::figure::ink::Ink;

impl Subject<'_> {
    /// Key numbers: the main one, what lasts of it, what goes through neighbours or a mediator, other equations; last how
    /// many observations there are.
    pub(super) fn cards(&self) -> Vec<Card> {
        let mut cards: Vec<Card> = Vec::new();
        let Some(main) = self.told.first() else { return cards };
        let label = |told: &Told, key: &str| {
            let mut facts = Facts::new();
            self.add_names(&mut facts, told);
            facts.count("periods", told.periods as i64).word("equation", told.name.brief());
            facts.flag("several", self.told.len() > 1);
            self.say(key, &facts)
        };
        match (&main.turning, &main.now) {
            (Some(turning), _) => cards.push(self.turning_card(main, turning)),
            (None, Some(now)) => {
                cards.push(self.card(label(main, "estimate_card_now"), main, now));
                cards.extend(self.indirect_card(main));
                cards.push(self.card(label(main, "estimate_card_all"), main, &main.all));
            }
            (None, None) => {
                cards.push(self.card(label(main, "estimate_card_main"), main, &main.all));
                cards.extend(self.indirect_card(main));
            }
        }
        for told in &self.told[1..] {
            match &told.turning {
                Some(turning) => cards.push(self.turning_card(told, turning)),
                None if !told.crossed => {
                    cards.push(self.card(label(told, "estimate_card_other"), told, &told.all));
                }
                None => {}
            }
        }
        cards.truncate(3);
        cards.extend(self.observations());
        cards
    }

    /// What goes through neighbours: a part of the effect in the same period, which its label names.
    fn indirect_card(&self, told: &Told) -> Option<Card> {
        let equation = self.equation(told);
        if equation.mediator.is_some() {
            return None;
        }
        let indirect = self.effect(EFFECTS, &equation.name, equation.first(), "indirect")?;
        let mut facts = self.named(told);
        if let Some(now) = &told.now {
            self.add_change(&mut facts, "now", told, now);
        }
        Some(self.card(self.say("estimate_card_indirect", &facts), told, &indirect))
    }

    fn card(&self, label: Prose, told: &Told, number: &Number) -> Card {
        let measure = telling(self.measure(&told.unit), [&number.estimate]);
        let mut found = card_in(self.book, label, &number.estimate, &measure);
        // The interval is one of confidence, and called so.
        let mut facts = Facts::new();
        facts.change("it", &number.estimate, None, &measure);
        found.range = self.say("estimate_card_range", &facts);
        found
    }

    fn turning_card(&self, told: &Told, turning: &Turning) -> Card {
        let mut facts = self.named(told);
        self.add_turning(&mut facts, told);
        facts.flag("holds", turning.holds());
        let label = self.say("estimate_card_turning", &facts);
        let range = self.say("estimate_card_turning_range", &facts);
        if !turning.holds() {
            let value = self.book.speaker.phrase("estimate_no_turn");
            return Card { label, value, unit: String::new(), range, ink: Ink::Ink2 };
        }
        let measure = self.book.prose_measure(&turning.unit, turning.at.value());
        let point = &turning.at.point;
        let value = Prose::number(measure.level(point.value), point);
        // A long unit is not broken behind its last word but one.
        let unit = measure.unit().replace(" per ", " per\u{a0}");
        Card { label, value, unit, range, ink: Ink::Ink }
    }

    /// Names of an equation.
    pub(super) fn named(&self, told: &Told) -> Facts {
        let mut facts = Facts::new();
        self.add_names(&mut facts, told);
        facts.word("equation", told.name.full());
        facts
    }

    fn observations(&self) -> Option<Card> {
        let main = self.told.first()?;
        let count = self.statistic(&self.equation(main).name, "observations")?;
        let facts = self.facts(main);
        Some(Card {
            label: self.say("estimate_card_observations", &facts),
            value: Prose::number(whole(self.book.language()).level(count.value), &count),
            unit: String::new(),
            range: self.say("estimate_card_sample", &facts),
            ink: Ink::Ink,
        })
    }
}
