//! Keys that sign, each in a file of its own in the data folder.

use std::path::Path;

use aws_lc_rs::signature::Ed25519KeyPair;

use super::error::AppError;

/// Reads an Ed25519 key (PKCS #8), or makes one that only its owner may read.
///
/// # Errors
/// When the file cannot be read, written or understood.
pub fn read_or_made(path: &Path) -> Result<(Vec<u8>, Ed25519KeyPair), AppError> {
    if !path.exists() {
        let made = Ed25519KeyPair::generate().map_err(AppError::inside)?;
        let der = made.to_pkcs8v1().map_err(AppError::inside)?;
        write_private(path, der.as_ref()).map_err(AppError::inside)?;
    }
    read(path)
}

/// Reads an Ed25519 key.
///
/// # Errors
/// When the file is not there, or cannot be read or understood.
pub fn read(path: &Path) -> Result<(Vec<u8>, Ed25519KeyPair), AppError> {
    let der = std::fs::read(path)
        .map_err(|error| AppError::Inside(format!("{}: {error}", path.display())))?;
    let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).map_err(AppError::inside)?;
    Ok((der, pair))
}

/// Makes a file that only its owner may read. It is there whole or not at all, even when the power goes meanwhile; where
/// another process made one first, that one stays.
///
/// # Errors
/// When it cannot be written.
pub fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let half = path.with_extension(std::process::id().to_string());
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&half)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    let made = std::fs::hard_link(&half, path);
    std::fs::remove_file(&half)?;
    if let Some(folder) = path.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    made.or_else(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Ok(()),
        _ => Err(error),
    })
}
