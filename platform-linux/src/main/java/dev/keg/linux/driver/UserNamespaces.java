package dev.keg.linux.driver;

import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.FileSystemCalls;
import dev.keg.linux.kernel.FileSystemCalls.OpenMode;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Creates user namespaces for mounts with translated owners. Writing a namespace's mapping requires
 * a process in it; that process ends once this one holds the namespace open.
 */
public final class UserNamespaces {
  private final Tools tools;
  private final FileSystemCalls files;

  public UserNamespaces(Tools tools, FileSystemCalls files) {
    this.tools = tools;
    this.files = files;
  }

  /** The mappings are lines of user_namespaces(7): owner on disk, owner seen, number of owners. */
  public Fd map(String uids, String gids) throws ErrnoException, ToolException, IOException {
    return tools.converse(
        Tool.of("unshare", "--user", "cat"),
        (pid, in, out) -> {
          // The answer comes from inside the namespace.
          in.write('\n');
          in.flush();
          if (out.read() != '\n') {
            throw new IOException("cannot create a user namespace");
          }
          Path process = Path.of("/proc", Long.toString(pid));
          Files.write(process.resolve("uid_map"), uids.getBytes(StandardCharsets.US_ASCII));
          Files.write(process.resolve("gid_map"), gids.getBytes(StandardCharsets.US_ASCII));
          return files.open(process.resolve("ns/user"), OpenMode.READ);
        });
  }
}
