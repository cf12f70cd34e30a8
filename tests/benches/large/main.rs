//! The cost of what grows with a chain or with a wallet, in seconds of this process's processor time. It fails where a
//! figure is above its limit: `cargo bench -p louver-tests --bench large`.

mod audit;
mod blocks;
mod measure;
mod wallet;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    audit::run()?;
    wallet::run()
}
