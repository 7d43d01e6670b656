package dev.keg.linux.publish;

import dev.keg.error.HolderException.MountFailed;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools;
import dev.keg.mountspec.Access.Relabel;
import dev.keg.publish.ResolvedTarget;
import java.nio.file.Files;
import java.nio.file.Path;

/** Gives files SELinux labels that let containers use them. Does nothing without SELinux. */
final class Relabelling {
  private static final Path SELINUX = Path.of("/sys/fs/selinux/enforce");

  private final Tools tools;

  Relabelling(Tools tools) {
    this.tools = tools;
  }

  void relabel(Fd source, ResolvedTarget site, Relabel relabel) throws ToolException {
    if (!Files.exists(SELINUX)) {
      return;
    }
    switch (relabel) {
      case SHARED -> share(source);
      case PRIVATE ->
          throw new MountFailed(
              "mount",
              site.path().toString(),
              "a private SELinux label is that of the container, which is not known here",
              "use z, or label the files with the label of the container");
    }
  }

  // Named by the open descriptor, since an owner of the files could plant a link in their path; -H
  // because that name is itself a link.
  private void share(Fd source) throws ToolException {
    String name = "/proc/" + ProcessHandle.current().pid() + "/fd/" + source.number();
    String said =
        tools.run(
            Tool.of(
                "chcon",
                "-R",
                "-H",
                "-u",
                "system_u",
                "-r",
                "object_r",
                "-t",
                "container_file_t",
                "-l",
                "s0",
                "--",
                name));
    assert said != null;
  }
}
