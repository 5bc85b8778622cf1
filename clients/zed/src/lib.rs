//! DevTime for Zed: finds the `devtime` program and starts its language server. All the work is done there.
//!
//! Zed's extensions see no editor events; a language server does. `lsp.devtime.binary` in Zed's settings names another
//! program or other arguments, as for any language server.

use zed_extension_api::settings::LspSettings;
use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree};

const PROGRAM: &str = "devtime";
const MISSING: &str = "`devtime` is not on the PATH. Install it, or name it in Zed's settings: \
    {\"lsp\": {\"devtime\": {\"binary\": {\"path\": \"/path/to/devtime\"}}}}";

struct DevTime;

impl zed::Extension for DevTime {
    fn new() -> Self {
        Self
    }

    fn language_server_command(&mut self, server: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let chosen = LspSettings::for_worktree(server.as_ref(), worktree)?.binary;
        let (path, arguments, variables) = match chosen {
            Some(binary) => (binary.path, binary.arguments, binary.env),
            None => (None, None, None),
        };
        Ok(Command {
            command: path.or_else(|| worktree.which(PROGRAM)).ok_or(MISSING)?,
            args: arguments.unwrap_or_else(|| ["lsp", "--editor", "Zed"].map(String::from).to_vec()),
            env: worktree.shell_env().into_iter().chain(variables.into_iter().flatten()).collect(),
        })
    }
}

zed::register_extension!(DevTime);
