//! `louver wallet reserves`: what the owner of reserves owes, as a tree of sums.

use std::{fs, path::PathBuf};

use louver_core::encoding::Encode;
use louver_viewkeys::{
    reserves::{Customer, Liabilities, Subject},
    sheet::csv_text,
};

use super::Place;
use crate::{
    exit::Failure,
    file,
    json::{
        audit::LiabilitiesWritten,
        quantity::{Denomination, Units},
    },
    output::Output,
};

/// The columns of the list.
const COLUMNS: [&str; 2] = ["customer", "amount"];

/// Makes the tree of what you owe to customers, and a file for each of them
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The list is CSV with the columns customer,amount. A customer's name must be one that this customer knows and \
no other has: an account number, an address of mail. Publish the root with `louver wallet announce`, once; give each customer \
the file of that name, and keep the rest to yourself.

Examples:
  louver wallet reserves owed.csv --asset LVR --snapshot 0 --out owed
  louver wallet announce reserves ROOT --asset LVR --snapshot 0 --yes"
)]
pub(super) struct Reserves {
    /// The list of customers
    #[arg(value_name = "CSV")]
    list: PathBuf,
    /// The asset that is owed
    #[arg(long, value_name = "ASSET")]
    asset: String,
    /// The index of the snapshot of the ledger at which the reserves are shown
    #[arg(long, value_name = "NUMBER")]
    snapshot: u32,
    /// Amounts above this are split, so that nobody finds the large ones [default: the average]
    #[arg(long, value_name = "AMOUNT")]
    largest: Option<String>,
    /// The folder to make
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

impl Reserves {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let list = file::read(&self.list)?;
        file::is_free(&self.out)?;
        let mut session = place.open()?;
        let asset = session.learn(&self.asset)?.find(&self.asset)?.id();
        let assets = session.assets.clone();
        let amount = |text: &str| Ok::<_, Failure>(assets.parse_amount_of(asset, text)?.1.0);
        let name = self.list.display().to_string();
        let customers = read(&name, &list, amount)?;
        let largest = self.largest.as_deref().map(amount).transpose()?;
        let (genesis, wallet) = (session.client.genesis().hash(), session.wallet());
        let account = wallet.account_id(wallet.account(place.account())?);
        let subject = Subject { genesis, account, asset, snapshot: self.snapshot };
        let made = Liabilities::make(subject, &customers, largest, &mut rand::rng())
            .map_err(|error| Failure::input(format!("{name}: {error}")))?;
        fs::create_dir(&self.out)
            .map_err(|error| Failure::storage(format!("{} cannot be made: {error}", self.out.display())))?;
        let mut files = csv::Writer::from_writer(Vec::new());
        // Writing to memory cannot fail.
        let _ = files.write_record(["customer", "file"]);
        for (number, customer) in (1..).zip(made.customers()) {
            let Some(inclusion) = made.inclusion(customer) else { continue };
            let file = format!("{number:06}.inclusion");
            let _ = files.write_record([csv_text(customer), file.clone()]);
            file::write_new(&self.out.join(file), &inclusion.to_bytes(), file::Readers::Owner)?;
        }
        let files = files.into_inner().unwrap_or_default();
        file::write_new(&self.out.join("files.csv"), &files, file::Readers::Owner)?;
        file::write_new(&self.out.join("liabilities"), &made.to_bytes(), file::Readers::Owner)?;
        file::write_new(&self.out.join("total"), &made.owed().to_bytes(), file::Readers::Others)?;
        let told = LiabilitiesWritten {
            folder: self.out.display().to_string(),
            account_id: subject.account.to_string(),
            snapshot: self.snapshot,
            root: hex::encode(made.root()),
            customers: made.customers().len() as u64,
            total: Units(made.total()),
            of: Denomination::new(asset, &assets),
        };
        output.result(&told, || {
            format!(
                "{} has the files of {} customers, who are owed {} in all. The root to publish is\n{}",
                told.folder,
                told.customers,
                assets.format_amount(asset, made.total()),
                told.root
            )
        });
        output.note(
            "give each customer one file, which files.csv names; `liabilities` names them all: keep it to yourself. `total` names \
             nobody, and is for whoever checks your reserves. Publish the root once: two roots about one snapshot are evidence \
             against you",
        );
        Ok(())
    }
}

/// The customers of a list. Cells are separated by commas, semicolons or tabs; the first line names the columns.
fn read(
    name: &str,
    list: &[u8],
    amount: impl Fn(&str) -> Result<u64, Failure>,
) -> Result<Vec<Customer>, Failure> {
    let wrong = |what: &dyn core::fmt::Display| Failure::input(format!("{name}: {what}"));
    let text = core::str::from_utf8(list).map_err(|_| wrong(&"it is not text"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let heading = text.lines().next().unwrap_or_default();
    let delimiter =
        [b',', b';', b'\t'].into_iter().find(|of| heading.as_bytes().contains(of)).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.trim(csv::Trim::All).delimiter(delimiter).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| wrong(&error))?.clone();
    let place = |column: &str| headers.iter().position(|name| name.eq_ignore_ascii_case(column));
    let ([Some(customer), Some(owed)], 2) = (COLUMNS.map(place), headers.len()) else {
        return Err(wrong(&"its first line names the columns customer and amount, and no others"));
    };
    let mut customers = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| wrong(&error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |place: usize| record.get(place).unwrap_or_default();
        let amount =
            amount(cell(owed)).map_err(|failure| wrong(&format!("line {line}: {}", failure.message)))?;
        customers.push(Customer { name: cell(customer).to_owned(), amount });
    }
    Ok(customers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_as_tables_write_them() {
        let number = |text: &str| text.parse().map_err(|_| Failure::input("not a number"));
        let customer = |name: &str, amount| Customer { name: name.to_owned(), amount };
        let expected = vec![customer("a@b.c", 10), customer("7", 0)];
        for list in ["customer,amount\na@b.c,10\n7,0\n", "\u{feff}Amount;Customer\r\n10; a@b.c\r\n0;7"] {
            assert_eq!(read("list", list.as_bytes(), number).unwrap(), expected);
        }
        let refused = |list: &[u8]| read("list", list, number).unwrap_err().message;
        assert_eq!(refused(b"customer,amount\na,1\nb,x\n"), "list: line 3: not a number");
        assert!(refused(b"customer,amount,phone\na,1,2\n").contains("no others"));
        assert!(refused(b"customer,amount\na,1,2\n").starts_with("list: "));
        assert_eq!(refused(&[0xff]), "list: it is not text");
    }
}
