package dev.keg.linux.filesystem;

import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools;
import dev.keg.volume.Size;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** NTFS, by ntfs-3g: for machines with Windows. */
record Ntfs() implements DiskFileSystem {
  private static final int LONGEST_LABEL = 32;

  @Override
  public String word() {
    return "ntfs";
  }

  @Override
  public Size smallest() {
    return new Size(2 << 20);
  }

  @Override
  public void make(Tools tools, Path device, NewFileSystem wanted) throws ToolException {
    List<String> arguments = new ArrayList<>(List.of("-q", "-F", "-Q"));
    wanted.label(LONGEST_LABEL).ifPresent(label -> arguments.addAll(List.of("-L", label)));
    arguments.add(device.toString());
    var _ = tools.run(Tool.of("mkfs.ntfs", arguments));
  }
}
