use std::collections::{BTreeMap, BTreeSet, HashSet};

use louver_core::{asset::AssetId, transaction::PublicSide, value::Value};

use super::{
    Audit,
    record::{Leaf, Opened, Order, Role, Seen},
};
use crate::report::{
    Amount, Assurance, Blocks, Bound, ChainChoice, Crossing, Declared, Denomination, Epochs, Finding, Gap,
    Ground, Labelled, Moment, Movement, Names, NoteRef, Party, Place, Reconciliation, Report, ReportSchema,
    Sum, Totals, Units, Written, guarantees, remarks,
};

impl Audit {
    /// The assets in the report, for whoever has to learn their names.
    pub fn assets(&self) -> BTreeSet<AssetId> {
        let seen = self.scan.seen.values();
        let assets = seen.flat_map(|seen| {
            let opened = seen.opened.values().map(|opened| opened.asset);
            opened.chain([seen.public.asset(), seen.fee.asset()])
        });
        assets.filter(|asset| *asset != AssetId::NONE).collect()
    }

    /// The report so far, with names as the reader's chain has them, on the chain that was read.
    pub fn report(&self, names: &Names<'_>, chain: Ground) -> Report {
        let scope = self.grant.scope();
        let (read, last) = (self.blocks_read(), self.last_time());
        let epochs = Epochs::new(scope.epochs(), self.schedule, last);
        let books = Books::new(self, names, &chain);
        let findings = books.findings();
        let opens = findings.iter().any(|labelled| {
            !matches!(labelled.finding, Finding::Authorised { .. } | Finding::Spent { amount: None, .. })
        });
        let guarantees = if epochs.has_begun() { guarantees(scope, opens) } else { Vec::new() };
        let (guaranteed, if_chosen) = match chain.chosen {
            ChainChoice::Nothing => (Vec::new(), guarantees),
            ChainChoice::Genesis | ChainChoice::Block => (guarantees, Vec::new()),
        };
        Report {
            schema: ReportSchema::V2,
            account: self.grant.account().to_string(),
            binding: self.binding.clone(),
            directions: scope.directions(),
            blocks: read.map(|(first, last)| Blocks { first, last }),
            movements: books.movements(),
            totals: books.totals(),
            findings,
            remarks: remarks(scope, &epochs, self.schedule),
            guaranteed,
            if_chosen,
            unverified: Gap::ALL.to_vec(),
            epochs,
            chain,
        }
    }
}

/// The account's books, as far as the grant shows them.
struct Books<'a> {
    audit: &'a Audit,
    names: &'a Names<'a>,
    chain: &'a Ground,
    /// Every leaf that the account spent.
    spent: HashSet<(Order, u8)>,
}

impl<'a> Books<'a> {
    fn new(audit: &'a Audit, names: &'a Names<'a>, chain: &'a Ground) -> Self {
        let leaf = |leaf: &Leaf| Some((audit.scan.origins.get(leaf.origin as usize)?.order, leaf.output));
        let spent = audit.scan.seen.values().flat_map(|seen| &seen.spends).filter_map(leaf).collect();
        Self { audit, names, chain, spent }
    }

    fn amount(&self, asset: AssetId, value: Value) -> Amount {
        Amount::new(asset, value, self.names.assets)
    }

    fn place(&self, (height, _): Order, seen: &Seen) -> Place {
        Place {
            height,
            time: Moment::new(seen.time),
            txid: seen.txid.to_string(),
            declared: Declared::new(&self.audit.schedule, seen.epoch, seen.time),
        }
    }

    fn detection(&self) -> bool {
        self.audit.grant.scope().directions().detection
    }

    fn payer(&self, seen: &Seen) -> Party {
        match (self.detection(), seen.own) {
            (false, _) => Party::NotShown,
            (true, true) => Party::Itself,
            (true, false) => Party::Another,
        }
    }

    fn payee(&self, order: Order, output: u8, own: bool) -> Party {
        // A note that the account's own key spends was the account's. Until then nothing shows that one is not.
        match own || self.spent.contains(&(order, output)) {
            true => Party::Itself,
            false => Party::NotShown,
        }
    }

    /// A note that was spent: what it is, and its contents if the grant shows them.
    fn spent_note(&self, leaf: &Leaf) -> Option<(NoteRef, Option<&'a Opened>)> {
        let origin = self.audit.scan.origins.get(leaf.origin as usize)?;
        let opened = self.audit.scan.seen.get(&origin.order).and_then(|seen| seen.opened.get(&leaf.output));
        let note = NoteRef {
            txid: origin.txid.to_string(),
            output: leaf.output,
            epoch: origin.epoch.0,
            period: self.audit.schedule.name(origin.epoch),
        };
        Some((note, opened))
    }

    fn findings(&self) -> Vec<Labelled> {
        let mut findings = Vec::new();
        for (order, seen) in &self.audit.scan.seen {
            let place = self.place(*order, seen);
            let opened =
                seen.opened.iter().map(|(output, opened)| self.opened(*order, seen, *output, opened));
            let (paid, own): (Vec<_>, Vec<_>) =
                opened.partition(|finding| matches!(finding, Finding::Paid { .. }));
            findings.extend(own);
            let spends = seen.spends.iter().filter_map(|leaf| self.spent_note(leaf));
            findings.extend(spends.map(|(note, opened)| Finding::Spent {
                place: place.clone(),
                note,
                amount: opened.map(|opened| self.amount(opened.asset, opened.value)),
            }));
            findings.extend(paid);
            if seen.own {
                let fee = seen.fee;
                findings.push(Finding::Authorised {
                    place,
                    crossing: Crossing::new(&seen.public, self.names),
                    fee: (fee.amount() != Value::ZERO).then(|| self.amount(fee.asset(), fee.amount())),
                    hidden_outputs: self.hidden_outputs(seen),
                });
            }
        }
        let label = |finding: Finding| Labelled { assurance: self.chain.allow(finding.assurance()), finding };
        findings.into_iter().map(label).collect()
    }

    fn opened(&self, order: Order, seen: &Seen, output: u8, opened: &Opened) -> Finding {
        let (place, amount) = (self.place(order, seen), self.amount(opened.asset, opened.value));
        match &opened.role {
            Role::Received { memo } => Finding::Received {
                place,
                output,
                amount,
                written: Written::new(memo),
                payer: self.payer(seen),
                crossing: Crossing::new(&seen.public, self.names),
            },
            Role::Change => Finding::Change { place, output, amount },
            Role::Paid { recipient, own, memo } => Finding::Paid {
                place,
                output,
                recipient: recipient.clone(),
                amount,
                written: Written::new(memo),
                payee: self.payee(order, output, *own),
                authorised: seen.own,
            },
        }
    }

    /// How many outputs of an own transaction may hold value that the grant does not show.
    ///
    /// None, if what is known balances: the transfer statement lets no value appear or vanish, so outputs whose contents
    /// are not shown are then empty. Inputs that the grant does not know are empty, if it has the nullifier keys of every
    /// epoch up to this one.
    fn hidden_outputs(&self, seen: &Seen) -> u32 {
        let mut balance: BTreeMap<AssetId, i128> = BTreeMap::new();
        let mut move_value = |asset: AssetId, value: Value, sign: i128| {
            if value != Value::ZERO {
                *balance.entry(asset).or_default() += sign * i128::from(value.0);
            }
        };
        let mut all_known = true;
        for leaf in &seen.spends {
            match self.spent_note(leaf) {
                Some((_, Some(opened))) => move_value(opened.asset, opened.value, 1),
                _ => all_known = false,
            }
        }
        seen.opened.values().for_each(|opened| move_value(opened.asset, opened.value, -1));
        move_value(seen.fee.asset(), seen.fee.amount(), -1);
        match seen.public {
            PublicSide::Internal => {}
            PublicSide::Deposit { asset, amount, .. } => move_value(asset, amount, 1),
            PublicSide::Withdrawal { asset, amount, .. } => move_value(asset, amount, -1),
        }
        let scope = self.audit.grant.scope();
        let from_the_first = scope.directions().spends && scope.epochs().first().0 == 0;
        let inputs_known = all_known && (from_the_first || seen.spends.len() == usize::from(seen.inputs));
        match inputs_known && balance.values().all(|sum| *sum == 0) {
            true => 0,
            false => {
                u32::try_from(usize::from(seen.outputs).saturating_sub(seen.opened.len())).unwrap_or(u32::MAX)
            }
        }
    }

    /// The amounts that a transaction moved, by asset.
    fn moved(&self, order: Order, seen: &Seen) -> BTreeMap<AssetId, Moved> {
        let mut moved: BTreeMap<AssetId, Moved> = BTreeMap::new();
        let is_deposit = seen.public.is_deposit();
        for (output, opened) in &seen.opened {
            let value = u128::from(opened.value.0);
            let sums = moved.entry(opened.asset).or_default();
            match (&opened.role, self.payer(seen)) {
                (Role::Received { .. }, Party::NotShown) if is_deposit => sums.deposits += value,
                (Role::Received { .. }, Party::NotShown | Party::Another) => sums.received += value,
                (Role::Received { .. }, Party::Itself) | (Role::Change, _) => {}
                (Role::Paid { own, .. }, _) => {
                    let is_own = self.payee(order, *output, *own) == Party::Itself;
                    // Where spend tags are shown, a transaction without the account's was made by somebody else.
                    if !is_own && (seen.own || !self.detection()) {
                        sums.paid += value;
                    }
                }
            }
        }
        if seen.own {
            match seen.public {
                PublicSide::Internal => {}
                PublicSide::Deposit { asset, amount, .. } => {
                    moved.entry(asset).or_default().deposits += u128::from(amount.0);
                }
                PublicSide::Withdrawal { asset, amount, .. } => {
                    moved.entry(asset).or_default().withdrawn += u128::from(amount.0);
                }
            }
            moved.entry(seen.fee.asset()).or_default().fees += u128::from(seen.fee.amount().0);
        }
        moved.retain(|_, sums| !sums.is_zero());
        moved
    }

    fn movements(&self) -> Vec<Movement> {
        let shown = Shown::new(self.audit);
        let mut movements = Vec::new();
        for (order, seen) in &self.audit.scan.seen {
            movements.extend(self.moved(*order, seen).into_iter().map(|(asset, sums)| Movement {
                place: self.place(*order, seen),
                of: Denomination::new(asset, self.names.assets),
                received: shown.received.then_some(Units(sums.received)),
                deposits: shown.deposits.then_some(Units(sums.deposits)),
                paid: shown.paid.then_some(Units(sums.paid)),
                withdrawn: shown.own.then_some(Units(sums.withdrawn)),
                fees: shown.own.then_some(Units(sums.fees)),
            }));
        }
        movements
    }

    fn totals(&self) -> Vec<Totals> {
        let mut sums: BTreeMap<AssetId, Moved> = BTreeMap::new();
        let mut hides = false;
        for (order, seen) in &self.audit.scan.seen {
            for (asset, moved) in self.moved(*order, seen) {
                sums.entry(asset).or_default().add(&moved);
            }
            hides |= seen.own && self.hidden_outputs(seen) > 0;
            for (output, opened) in &seen.opened {
                let sums = sums.entry(opened.asset).or_default();
                if opened.is_own() && !self.spent.contains(&(*order, *output)) {
                    sums.unspent += u128::from(opened.value.0);
                }
            }
            let outside =
                seen.spends.iter().filter(|_| !seen.own).filter_map(|leaf| self.spent_note(leaf)?.1);
            for opened in outside {
                sums.entry(opened.asset).or_default().spent_outside += u128::from(opened.value.0);
            }
        }
        sums.retain(|asset, _| *asset != AssetId::NONE);
        sums.into_iter().map(|(asset, sums)| self.total(asset, &sums, hides)).collect()
    }

    fn total(&self, asset: AssetId, sums: &Moved, hides: bool) -> Totals {
        let shown = Shown::new(self.audit);
        let own = if shown.own { Bound::AtLeast } else { Bound::Shown };
        let exact = if shown.own { Bound::Exact } else { Bound::Shown };
        let sum = |shown: bool, value: u128, bound| {
            let assurance = self.chain.allow(Assurance::Guaranteed);
            shown.then_some(Sum { value: Units(value), bound, assurance })
        };
        // Whatever is called paid may be the account's own until it is spent.
        let mut paid = sum(shown.paid, sums.paid, Bound::Shown);
        if let Some(paid) = paid.as_mut().filter(|paid| paid.value.0 > 0) {
            paid.assurance = Assurance::Unverified;
        }
        Totals {
            of: Denomination::new(asset, self.names.assets),
            received: sum(shown.received, sums.received, own),
            deposits: sum(shown.deposits, sums.deposits, exact),
            paid,
            withdrawn: sum(shown.own, sums.withdrawn, exact),
            fees: sum(shown.own, sums.fees, exact),
            unspent: sum(shown.unspent, sums.unspent, Bound::AtLeast),
            reconciliation: if shown.all { sums.reconcile(hides) } else { Reconciliation::NotShown },
        }
    }
}

/// Which sums a grant shows.
#[derive(Clone, Copy)]
struct Shown {
    received: bool,
    deposits: bool,
    paid: bool,
    /// The account's own transactions, with all that they move in public.
    own: bool,
    unspent: bool,
    all: bool,
}

impl Shown {
    fn new(audit: &Audit) -> Self {
        let directions = audit.grant.scope().directions();
        Self {
            received: directions.incoming,
            deposits: directions.incoming || directions.detection,
            paid: directions.outgoing,
            own: directions.detection,
            unspent: directions.spends && (directions.incoming || directions.change),
            all: directions == crate::scope::Directions::ALL,
        }
    }
}

/// Sums of one asset.
#[derive(Clone, Debug, Default)]
struct Moved {
    received: u128,
    deposits: u128,
    paid: u128,
    withdrawn: u128,
    fees: u128,
    unspent: u128,
    spent_outside: u128,
}

impl Moved {
    fn is_zero(&self) -> bool {
        [self.received, self.deposits, self.paid, self.withdrawn, self.fees].iter().all(|sum| *sum == 0)
    }

    fn add(&mut self, other: &Self) {
        self.received += other.received;
        self.deposits += other.deposits;
        self.paid += other.paid;
        self.withdrawn += other.withdrawn;
        self.fees += other.fees;
    }

    /// Compares what came in with what went out and stayed.
    fn reconcile(&self, hides: bool) -> Reconciliation {
        let came = self.received + self.deposits;
        let went = self.paid + self.withdrawn + self.fees + self.unspent + self.spent_outside;
        if came == went && self.spent_outside == 0 && !hides {
            return if self.paid == 0 { Reconciliation::Closed } else { Reconciliation::IfPaid };
        }
        Reconciliation::Open {
            spent_outside: Units(self.spent_outside),
            went_unseen: Units(came.saturating_sub(went)),
            came_unseen: Units(went.saturating_sub(came)),
        }
    }
}
