//! A chart of what came in and went out in each month, on an axis of calendar months.

use core::fmt::Write as _;

use louver_core::calendar::Month;

use super::{AssetStatement, html::escaped};

/// The most months of one chart. A longer time is left to the table.
const MOST_MONTHS: u32 = 120;
/// The height of the taller bar, and the width of a month.
const HEIGHT: u128 = 80;
const WIDTH: u32 = 24;
/// The room above the axis, with the names of amounts.
const TOP: u32 = 100;

/// The chart as SVG, in classes of the page's style; nothing without months, or with too many of them. Months without a
/// transaction have their place on the axis.
pub(super) fn months(asset: &AssetStatement) -> String {
    let sums: Vec<_> = asset
        .months
        .iter()
        .filter_map(|sum| Some((sum.month.parse::<Month>().ok()?.number(), sum)))
        .collect();
    let (Some((first, _)), Some((last, _))) = (sums.first(), sums.last()) else { return String::new() };
    let count = last - first + 1;
    let most = sums.iter().map(|(_, sum)| sum.incoming.0.max(sum.outgoing.0)).max().unwrap_or_default();
    if count > MOST_MONTHS || most == 0 {
        return String::new();
    }
    let (width, unit) = (count * WIDTH + 10, asset.of.unit());
    let tall = |units: u128| units.saturating_mul(HEIGHT).div_ceil(most).min(HEIGHT);
    let mut out = format!(
        "<figure><figcaption>In and out per month, {}. The tallest bar is {}.</figcaption><svg viewBox=\"0 0 {width} 128\" width=\"{}\" role=\"img\" aria-label=\"In and out per month; the table below has the numbers\">",
        escaped(&unit),
        escaped(&super::words::amount(&asset.of, most)),
        width * 3 / 2,
    );
    // Writing to a string cannot fail.
    for (number, sum) in &sums {
        let left = (number - first) * WIDTH + 5;
        for (class, units, left) in [("in", sum.incoming.0, left), ("out", sum.outgoing.0, left + 10)] {
            let height = tall(units);
            let _ = write!(
                out,
                "<rect class=\"{class}\" x=\"{left}\" y=\"{}\" width=\"9\" height=\"{height}\"><title>{} {class} {}</title></rect>",
                u128::from(TOP) - height,
                escaped(&sum.month),
                escaped(&asset.of.number(units)),
            );
        }
    }
    let _ = write!(out, "<line class=\"axis\" x1=\"0\" y1=\"{TOP}\" x2=\"{width}\" y2=\"{TOP}\"/>");
    for number in *first..=*last {
        let Some(month) = Month::from_number(number) else { continue };
        let (iso, left) = (month.to_iso(), (number - first) * WIDTH + 5);
        let (year, of_year) = iso.split_once('-').unwrap_or((&iso, ""));
        let _ = write!(out, "<text x=\"{left}\" y=\"112\">{of_year}</text>");
        if number == *first || of_year == "01" {
            let _ = write!(out, "<text x=\"{left}\" y=\"124\">{year}</text>");
        }
    }
    out.push_str(
        "</svg><p class=\"key\"><span class=\"in\"></span> in <span class=\"out\"></span> out</p></figure>",
    );
    out
}
