//! Writes the pinned figures and the development verifying keys of every shape, and fills the cache.
//!
//! To be run after a change of the circuit: `cargo run -p louver-circuits --example pin`. Takes minutes. Build again
//! afterwards: the pins and the keys are compiled in.

use std::{error::Error, fmt::Write as _, fs, path::Path};

use louver_circuits::{
    cache::{Cache, hash},
    figures::circuit_figures,
    parameters::ProvingKey,
};
use louver_core::shape::Shape;

const HEAD: &str = r#"//! The pinned figures and development keys of every shape. Written by `cargo run -p louver-circuits --example pin`.

use louver_core::shape::Shape;

/// What is pinned of a shape. Hashes are BLAKE2b-256 in hexadecimal.
pub struct Pin {
    /// Constraints, with a row for each public input and the constant one.
    pub constraints: usize,
    /// The evaluation domain.
    pub domain: usize,
    /// Variables that are not public.
    pub aux: usize,
    /// `[circuit-pins]`
    pub circuit: &'static str,
    /// Of the file of development parameters.
    pub parameters: &'static str,
    /// Of the file of the development verifying key.
    pub verifying_key: &'static str,
}

/// The pins of a shape.
pub const fn of(shape: Shape) -> &'static Pin {
    match shape {
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let cache = Cache::open_default()?;
    let mut pins = HEAD.to_owned();
    for shape in Shape::ALL {
        let figures = circuit_figures(shape)?;
        let circuit = hex::encode(figures.hash);
        let key = ProvingKey::generate_development(shape)?;
        let (parameters, verifying_key) = (key.to_bytes()?, key.verifying_key_to_bytes()?);
        let name = format!("development-{shape}-{}.params", &circuit[..16]);
        cache.obtain(&name, &hash(&parameters), || Ok::<_, Box<dyn Error>>(parameters.clone()))?;
        fs::write(project.join("keys").join(format!("development-{shape}.vk")), &verifying_key)?;
        writeln!(pins, "        Shape::{shape:?} => &Pin {{")?;
        writeln!(pins, "            constraints: {},", separated(figures.constraints))?;
        writeln!(pins, "            domain: {},", separated(figures.domain))?;
        writeln!(pins, "            aux: {},", separated(figures.aux))?;
        writeln!(pins, "            circuit: \"{circuit}\",")?;
        writeln!(pins, "            parameters: \"{}\",", hash(&parameters))?;
        writeln!(pins, "            verifying_key: \"{}\",", hash(&verifying_key))?;
        writeln!(pins, "        }},")?;
        println!("{shape}: {} constraints, key of {} bytes", figures.constraints, parameters.len());
    }
    pins.push_str("    }\n}\n");
    fs::write(project.join("src").join("pins.rs"), pins)?;
    Ok(())
}

/// 16384 as `16_384`.
fn separated(number: usize) -> String {
    if number < 1000 {
        number.to_string()
    } else {
        format!("{}_{:03}", separated(number / 1000), number % 1000)
    }
}
