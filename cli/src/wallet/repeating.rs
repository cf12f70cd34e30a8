//! Payments that were made before: nobody is paid twice by a slip.

use louver_core::text::visible;
use louver_wallet::{payment_request::RequestedPayment, proposal::Progress};

use super::{session::Session, travel_rule::SealedRecord};
use crate::exit::Failure;

/// Facts about payments that somebody should know beside the plan.
#[derive(Default)]
pub(super) struct About {
    /// The words of a payment request.
    pub(super) says: Vec<String>,
    /// The earlier payment of the same request, if there is one.
    pub(super) paid: Option<String>,
    /// The record of the travel rule, which is written before anything is sent.
    pub(super) record: Option<SealedRecord>,
}

impl About {
    /// The words of a request, and whether this wallet paid it before. `repeated` says that it is to be paid again.
    pub(super) fn of(
        requested: &[RequestedPayment],
        session: &Session,
        repeated: bool,
    ) -> Result<Self, Failure> {
        let place = |index: usize| match requested.len() {
            1 => String::new(),
            _ => format!(" (payment {})", index + 1),
        };
        let mut says = Vec::new();
        for (index, asked) in requested.iter().enumerate() {
            let texts = [("from", &asked.label), ("for", &asked.message)];
            let texts = texts.into_iter().filter_map(|(word, text)| Some((word, text.as_deref()?)));
            for (word, text) in texts {
                says.push(format!("the request says that it is {word}{}: {}", place(index), visible(text)));
            }
        }
        if repeated {
            return Ok(Self { says, ..Self::default() });
        }
        let made = session.wallet().made_payments()?;
        let found = requested.iter().find_map(|asked| made.of_request(asked));
        let paid = found.map(|found| format!("this wallet paid this request before: {found}"));
        Ok(Self { says, paid, record: None })
    }
}

/// Refuses to begin a list while another one is not finished: it may be the same, and would be paid twice.
pub(super) fn none_unfinished(session: &Session) -> Result<(), Failure> {
    let (mut left, mut all) = (0, 0);
    let mut wallet = session.wallet();
    for schedule in wallet.schedules()? {
        let is_made = |(_, progress): &&(_, Progress)| matches!(progress, Progress::Mined(_));
        let made = schedule.payments.iter().filter(is_made).count();
        if made == schedule.payments.len() {
            wallet.stop(schedule.id)?;
            continue;
        }
        left += schedule.payments.len() - made;
        all += schedule.payments.len();
    }
    match left {
        0 => Ok(()),
        left => Err(Failure::wallet(
            "list_unfinished",
            format!(
                "{left} of {all} payments of a list that was begun before are not made yet. Nothing was sent now. `louver \
                 wallet resume` makes them, and pays nothing twice; `louver wallet resume --give-up` forgets those that \
                 were not sent, and then another list can be paid"
            ),
        )),
    }
}
