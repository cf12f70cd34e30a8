//! The figures of the front page.

use louver_circuits::pins;
use louver_core::shape::Shape;

#[test]
fn the_table_of_shapes_is_that_of_the_pinned_circuits() {
    let page = include_str!("../../README.md");
    for shape in Shape::ALL {
        let constraints = pins::of(shape.into()).constraints;
        let domain = pins::of(shape.into()).domain.ilog2();
        let (thousands, rest) = (constraints / 1_000, constraints % 1_000);
        let row = format!("| {shape} | {thousands},{rest:03} | 2^{domain} |");
        assert!(page.contains(&row), "{row}");
    }
}
