//! Asking to be paid: a `louver:` URI, as a link or as a QR code.

use louver_core::{calendar::moment, note::Memo};
use louver_wallet::payment_request::{PaymentRequest, RequestedPayment};
use qrcode::{QrCode, render::unicode::Dense1x2};

use super::Place;
use crate::{
    exit::Failure,
    json::{
        quantity::{Amount, Moment},
        wallet,
    },
    output::Output,
};

/// Makes a request to be paid, as a link or a QR code
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The request has an address of this month, and one of the next, so that it can be paid for a month at least. \
Anybody who sees the request learns its addresses, its amount and its texts. `louver wallet pay URI` pays it.

Examples:
  louver wallet request \"25 LVR\" --memo \"Invoice 17\"
  louver wallet request --qr"
)]
pub(super) struct Request {
    /// The amount, as in "25 LVR"; by default the payer chooses
    amount: Option<String>,
    /// The memo that the payment should have
    #[arg(long)]
    memo: Option<String>,
    /// Your name, for the payer to see
    #[arg(long)]
    label: Option<String>,
    /// The purpose of the payment, for the payer to see
    #[arg(long)]
    message: Option<String>,
    /// Also shows it as a QR code
    #[arg(long)]
    qr: bool,
}

impl Request {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let session = place.open_synced(output)?;
        let asked = self.amount.as_deref().map(|amount| session.assets.parse_amount(amount)).transpose()?;
        let memo = self
            .memo
            .as_deref()
            .map(|memo| Memo::new(memo.as_bytes()))
            .transpose()
            .map_err(Failure::input)?;
        let pair = session.wallet().receive_pair(place.account())?;
        let (first, next) = (&pair.now, &pair.next);
        let payment = RequestedPayment {
            next: next.as_ref().map(|next| next.address),
            asset: asked.map(|(asset, _)| asset),
            value: asked.map(|(_, value)| value),
            memo,
            label: self.label,
            message: self.message,
            ..RequestedPayment::to(first.address)
        };
        let uri = PaymentRequest::new(vec![payment]).map_err(Failure::input)?.to_string();
        let told = wallet::Request {
            address: first.address.to_string(),
            next_address: next.as_ref().map(|next| next.address.to_string()),
            payable_until: pair.payable_until().map(Moment::new),
            amount: asked.map(|(asset, value)| Amount::new(asset, value, &session.assets)),
            memo: self.memo,
            uri,
        };
        if let Some(until) = pair.payable_until() {
            output.note(format!("can be paid until {}", moment(until)));
        }
        output.result(&told, || match self.qr.then(|| QrCode::new(&told.uri)) {
            Some(Ok(code)) => format!("{}\n\n{}", told.uri, code.render::<Dense1x2>().build()),
            Some(Err(error)) => format!("{}\n\nit is too long for a QR code: {error}", told.uri),
            None => told.uri.clone(),
        });
        Ok(())
    }
}
