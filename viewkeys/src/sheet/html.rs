//! `[sheet-html]`: a statement as one page that stands by itself. It has no script, fetches nothing, and prints.

use louver_core::calendar::moment;

mod page;

pub(super) use page::escaped;
use page::{Page, cell, number, table};

use super::{
    AccountStatement, AssetStatement, Balance, Figure, Line, LineEntry, Money, Origin, Statement, chart,
    words,
};
use crate::report::{Assurance, ChainChoice, Counterparty, Flow, Units, words as labels};

/// The page's style.
pub(super) const STYLE: &str = include_str!("html/page.css");

/// The hash of the style, the only thing that the page's policy lets in.
pub(super) const STYLE_HASH: &str = "sha256-J5muGluLWHe5A8F+NE3F/rQpHJksSXOiTBCAMfKvcH8=";

impl Statement {
    /// The statement as an HTML page. `made` is the time of writing, in seconds since 1970.
    pub fn html(&self, made: u64) -> String {
        let mut page = Page::default();
        page.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .raw(format_args!(
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{STYLE_HASH}'; base-uri 'none'; form-action 'none'\">\n"
            ))
            .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .raw("<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n")
            .raw("<title>Statement of account</title>\n<style>")
            .raw(STYLE)
            .raw("</style>\n</head>\n<body>\n<main>\n<header><h1>Statement of account</h1>");
        page.of("p class=\"soft\"", &format!("Made {} by Louver. All times are UTC.", moment(made)))
            .raw("</header>\n");
        self.overview(&mut page);
        for account in &self.accounts {
            self.account(&mut page, account);
        }
        self.brought(&mut page);
        meanings(&mut page);
        page.raw("</main>\n</body>\n</html>\n");
        page.into_text()
    }

    /// Every balance, one line for each account and asset.
    fn overview(&self, page: &mut Page) {
        page.raw("<section><h2>At a glance</h2>");
        table(
            page,
            "Balances",
            &["Account", "Asset", "#Opening", "#In", "#Out", "#Closing", "Closing balance is"],
        );
        let mut any = false;
        for account in &self.accounts {
            for asset in &account.assets {
                any = true;
                page.raw("<tr>");
                cell(page, "Account", |page| {
                    page.of("code", &labels::short(&account.account))
                        .raw("<br>")
                        .of("small", &account.epochs.all.name);
                });
                cell(page, "Asset", |page| {
                    page.text(&asset.of.unit());
                });
                number(page, "Opening", &figure(asset, Some(asset.opening)));
                number(page, "In", &figure(asset, asset.incoming));
                number(page, "Out", &figure(asset, asset.outgoing));
                number(page, "Closing", &figure(asset, Some(asset.closing)));
                cell(page, "Closing balance is", |page| {
                    page.badge(asset.closing.assurance);
                });
                page.raw("</tr>\n");
            }
        }
        if !any {
            page.raw("<tr><td colspan=\"7\">Nothing came in or went out in this time, as far as the grant shows.</td></tr>");
        }
        page.raw("</tbody></table></div>");
        if self.accounts.len() > 1 {
            page.of(
                "p class=\"soft\"",
                "No sum runs over two accounts: a payment from one to the other would count twice.",
            );
        }
        if !self.shared.is_empty() {
            page.raw("<details><summary>").text(&words::shared(self.shared.len())).raw("</summary><ul>");
            for txid in &self.shared {
                page.raw("<li>").of("code", txid).raw("</li>");
            }
            page.raw("</ul></details>");
        }
        page.raw("</section>\n");
    }

    fn account(&self, page: &mut Page, account: &AccountStatement) {
        page.raw("<section class=\"account\"><h2>Account ")
            .of("code", &labels::short(&account.account))
            .raw("</h2>");
        if let Some(label) = &account.label {
            page.said("Label, not checked", label);
        }
        let is_sure = account.chain.chosen != ChainChoice::Nothing && account.origin == Origin::Scanned;
        page.raw(format_args!("<div class=\"note {}\">", if is_sure { "good" } else { "warn" }));
        for line in words::first(account) {
            page.of("p", &line);
        }
        page.raw("</div><dl>");
        let read = account.blocks.map_or("no block: the period has not begun".to_owned(), |blocks| {
            format!("blocks {} to {}", blocks.first, blocks.last)
        });
        for (name, value) in [
            ("Period", &account.epochs.all.name),
            ("The grant shows", &words::shows(account)),
            ("From the report", &account.name),
        ] {
            page.of("dt", name).of("dd", value);
        }
        page.raw("</dl><details><summary>Account number, ledger and blocks read</summary><dl>");
        page.of("dt", "Account").of("dd class=\"mono\"", &account.account);
        page.of("dt", "Ledger read").of("dd", &read);
        page.raw("</dl><ul>");
        for line in labels::ground(&account.chain) {
            page.of("li", &line);
        }
        page.raw("</ul></details>\n");
        for asset in &account.assets {
            self.asset(page, account, asset);
        }
        unexplained(page, account);
        rests_on(page, account);
        page.raw("</section>\n");
    }

    fn asset(&self, page: &mut Page, account: &AccountStatement, asset: &AssetStatement) {
        let own = account.directions.detection;
        page.raw("<section class=\"asset\"><h3>").text(&asset.of.unit()).raw("</h3>");
        table(page, "Figures", &["Figure", "#Amount", "Standing", "Why"]);
        let sum_why = |figure: Option<Figure>| match figure {
            Some(figure) => words::sum(figure.assurance, own),
            None => "The grant does not show it. That is not the same as zero.",
        };
        for (name, shown, why) in [
            ("Opening balance", Some(asset.opening), words::opening(asset)),
            ("Came in", asset.incoming, sum_why(asset.incoming)),
            ("Went out, with fees", asset.outgoing, sum_why(asset.outgoing)),
            ("of that, fees", asset.fees, sum_why(asset.fees)),
            ("Closing balance", Some(asset.closing), words::closing(asset)),
        ] {
            page.raw("<tr>");
            cell(page, "Figure", |page| {
                page.text(name);
            });
            number(page, "Amount", &figure(asset, shown));
            let assurance = shown.map_or(Assurance::Unverified, |shown| shown.assurance);
            cell(page, "Standing", |page| {
                page.badge(assurance);
            });
            cell(page, "Why", |page| {
                page.text(why);
            });
            page.raw("</tr>\n");
        }
        page.raw("</tbody></table></div>");
        self.lines(page, asset, own);
        page.raw(chart::months(asset));
        sums(page, asset);
        page.raw("</section>\n");
    }

    fn lines(&self, page: &mut Page, asset: &AssetStatement, own: bool) {
        let money = self.prices.as_ref().map(|prices| format!("#Value, {}", prices.currency));
        let mut columns = vec!["Date", "What", "#In", "#Out", "#Balance"];
        columns.extend(money.as_deref());
        columns.push("Standing");
        table(page, "Statement", &columns);
        let balance = |balance: Option<Balance>| {
            balance.map_or("not stated".to_owned(), |sum| words::balance(&asset.of, sum))
        };
        let edge = |page: &mut Page, name: &str, shown: Figure| {
            page.raw("<tr class=\"edge\"><td data-l=\"Date\"></td>");
            cell(page, "What", |page| {
                page.of("strong", name);
            });
            page.raw("<td class=\"n empty\"></td><td class=\"n empty\"></td>");
            number(page, "Balance", &balance(shown.value));
            if money.is_some() {
                page.raw("<td class=\"n empty\"></td>");
            }
            cell(page, "Standing", |page| {
                page.badge(shown.assurance);
            });
            page.raw("</tr>\n");
        };
        edge(page, "Opening balance", asset.opening);
        for line in &asset.lines {
            page.raw("<tr>");
            cell(page, "Date", |page| {
                page.text(&labels::time(&line.place.time).replace(" UTC", ""));
            });
            cell(page, "What", |page| what(page, asset, line, own));
            number(page, "In", &nonzero(asset, line.incoming));
            number(page, "Out", &nonzero(asset, line.outgoing));
            number(page, "Balance", &balance(line.balance));
            if money.is_some() {
                number(page, "Value", &value(line));
            }
            cell(page, "Standing", |page| {
                page.badge(line.assurance);
            });
            page.raw("</tr>\n");
        }
        for difference in &asset.differences {
            page.raw("<tr class=\"edge\"><td data-l=\"Date\"></td>");
            cell(page, "What", |page| {
                page.text(words::difference(difference.kind));
                page.of("p class=\"why\"", words::why_difference(difference.kind));
            });
            let units = Units(difference.amount.0.unsigned_abs());
            let (came, went) = if difference.amount.0 > 0 { (units, Units(0)) } else { (Units(0), units) };
            number(page, "In", &nonzero(asset, came));
            number(page, "Out", &nonzero(asset, went));
            number(page, "Balance", &balance(Some(difference.balance)));
            if money.is_some() {
                page.raw("<td class=\"n empty\"></td>");
            }
            cell(page, "Standing", |page| {
                page.badge(difference.assurance);
            });
            page.raw("</tr>\n");
        }
        edge(page, "Closing balance", asset.closing);
        page.raw("</tbody></table></div>");
    }

    /// The prices that the reader brought, and those that are missing.
    fn brought(&self, page: &mut Page) {
        let Some(says) = words::prices(self) else { return };
        page.raw("<section><h2>Values in money</h2>").of("p", &says);
        if !self.missing_prices.is_empty() {
            page.raw("<ul class=\"missing\">");
            for missing in &self.missing_prices {
                page.of("li", &format!("{} on {}", missing.asset, missing.date));
            }
            page.raw("</ul>");
        }
        page.raw("</section>\n");
    }
}

/// The text of a line: its entries, the words of people, and below them the evidence.
fn what(page: &mut Page, asset: &AssetStatement, line: &Line, own: bool) {
    for LineEntry { entry, .. } in &line.entries {
        page.raw("<p class=\"entry\">").of("strong", words::kind(entry.kind)).raw(" ");
        if line.entries.len() > 1 {
            page.text(&asset.of.number(entry.amount.value.0.into())).raw(" ");
        }
        party(page, &entry.counterparty, entry.flow);
        page.raw("</p>");
        if let Some((whose, memo)) = words::memo(entry) {
            page.said(whose, &memo);
        }
    }
    if let Some(label) = &line.label {
        page.said("Label, not checked", label);
    }
    page.raw("<details><summary>Why, and the evidence</summary>");
    let mut said: Vec<&str> = Vec::new();
    for LineEntry { entry, .. } in &line.entries {
        let why = words::why(entry, own);
        if !said.contains(&why) {
            said.push(why);
            page.of("p", why);
        }
    }
    if let Some(hidden) = words::hidden(line) {
        page.of("p", &hidden);
    }
    for id in line.entries.iter().filter_map(|of| of.entry.counterparty.id()) {
        page.raw("<p>Counterparty ").of("code", id).raw("</p>");
    }
    page.raw("<p>Transaction ")
        .of("code", &line.place.txid)
        .raw(format_args!(", block {}", line.place.height));
    page.raw(", declared for ").text(&line.place.declared.period);
    if line.place.declared.in_grace {
        page.raw(" and recorded in the days after it");
    }
    page.raw("</p></details>");
}

fn party(page: &mut Page, counterparty: &Counterparty, flow: Flow) {
    let way = if flow == Flow::In { "from" } else { "to" };
    match counterparty {
        Counterparty::Address { address } => page.raw(way).raw(" ").of("code", &labels::short(address)),
        Counterparty::Transparent { account } => {
            page.raw(way).raw(" the transparent account ").of("code", &labels::short(account))
        }
        Counterparty::BlockMaker => page.raw("to the network"),
        Counterparty::NotShown => page.raw("from a payer who is not shown"),
    };
}

/// The sums of months and of counterparties.
fn sums(page: &mut Page, asset: &AssetStatement) {
    if asset.lines.is_empty() {
        return;
    }
    page.raw("<div class=\"pair\">");
    table(
        page,
        "Per month, by the time of the block",
        &["Month", "#Transactions", "#In", "#Out", "Standing"],
    );
    for month in &asset.months {
        page.raw("<tr>");
        cell(page, "Month", |page| {
            page.text(&month.month);
        });
        number(page, "Transactions", &month.transactions.to_string());
        number(page, "In", &asset.of.number(month.incoming.0));
        number(page, "Out", &asset.of.number(month.outgoing.0));
        cell(page, "Standing", |page| {
            page.badge(month.assurance);
        });
        page.raw("</tr>\n");
    }
    page.raw("</tbody></table></div>");
    table(page, "Per counterparty", &["Counterparty", "#Payments", "#In", "#Out", "Standing"]);
    for sum in &asset.counterparties {
        page.raw("<tr>");
        cell(page, "Counterparty", |page| {
            match &sum.counterparty {
                Counterparty::Transparent { account } => {
                    page.raw("transparent account ").of("code", &labels::short(account))
                }
                Counterparty::Address { address } => page.of("code", &labels::short(address)),
                other => page.text(&words::counterparty(other)),
            };
            if let Some(label) = &sum.label {
                page.said("Label, not checked", label);
            }
        });
        number(page, "Payments", &sum.payments.to_string());
        number(page, "In", &nonzero(asset, sum.incoming));
        number(page, "Out", &nonzero(asset, sum.outgoing));
        cell(page, "Standing", |page| {
            page.badge(sum.assurance);
        });
        page.raw("</tr>\n");
    }
    page.raw("</tbody></table></div></div>");
}

/// The transactions that are not explained.
fn unexplained(page: &mut Page, account: &AccountStatement) {
    if account.unexplained.is_empty() {
        return;
    }
    page.raw("<section><h3>To be explained by the owner</h3>");
    table(page, "Transactions that hide part of their contents", &["Date", "What is not shown", "Standing"]);
    for of in &account.unexplained {
        page.raw("<tr>");
        cell(page, "Date", |page| {
            page.text(&labels::time(&of.place.time).replace(" UTC", ""));
        });
        cell(page, "What is not shown", |page| {
            page.of("p", &words::unexplained(of));
            if let Some(label) = &of.label {
                page.said("Label, not checked", label);
            }
            page.raw("<details><summary>The evidence</summary><p>Transaction ").of("code", &of.place.txid);
            page.raw(format_args!(", block {}</p></details>", of.place.height));
        });
        cell(page, "Standing", |page| {
            page.badge(Assurance::Unexplained);
        });
        page.raw("</tr>\n");
    }
    page.raw("</tbody></table></div></section>\n");
}

/// The guarantees, the gaps and the remarks of a report.
fn rests_on(page: &mut Page, account: &AccountStatement) {
    page.raw("<details><summary>What this account's figures rest on, in the auditor's words</summary><ul>");
    for (assurance, line) in &account.sayings {
        page.raw("<li>").badge(*assurance).raw(" ").text(line).raw("</li>");
    }
    for gap in &account.unverified {
        page.raw("<li>").badge(Assurance::Unverified).raw(" ").text(labels::gap(*gap)).raw("</li>");
    }
    for remark in &account.remarks {
        page.of("li", &labels::remark(remark));
    }
    page.raw("</ul></details>\n");
}

fn meanings(page: &mut Page) {
    page.raw("<section class=\"meanings\"><h2>What the standings mean</h2><dl>");
    for assurance in
        [Assurance::Guaranteed, Assurance::Unexplained, Assurance::Unverified, Assurance::ChainNotChosen]
    {
        page.raw("<dt>").badge(assurance).raw("</dt>").of("dd", words::meaning(assurance));
    }
    page.raw("</dl>")
        .of(
            "p class=\"soft\"",
            "Memos and labels are words of people. Nobody checked them, and no figure depends on them.",
        )
        .raw("</section>\n");
}

fn figure(asset: &AssetStatement, figure: Option<Figure>) -> String {
    let value = figure.and_then(|figure| figure.value);
    value.map_or("not shown".to_owned(), |value| words::balance(&asset.of, value))
}

fn nonzero(asset: &AssetStatement, units: Units) -> String {
    if units.0 == 0 { String::new() } else { asset.of.number(units.0) }
}

/// The value of a line: of what came in, less what went out.
fn value(line: &Line) -> String {
    let sum = |flow: Flow| -> Option<u128> {
        let mut values = line.entries.iter().filter(|of| of.entry.flow == flow).map(|of| of.value);
        values.try_fold(0u128, |sum, value| sum.checked_add(value?.0))
    };
    match (sum(Flow::In), sum(Flow::Out)) {
        (Some(came), Some(went)) if went > came => format!("-{}", Money(went - came)),
        (Some(came), Some(went)) => Money(came - went).to_string(),
        _ => "no price".to_owned(),
    }
}
