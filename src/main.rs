//! The `irio` program: everything is in the library's `cli`.

fn main() -> std::process::ExitCode {
    irio::cli::main()
}
