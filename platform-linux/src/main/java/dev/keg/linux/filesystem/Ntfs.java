package dev.keg.linux.filesystem;

import dev.keg.disk.content.DataPartition;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools;
import dev.keg.volume.Size;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** NTFS, by ntfs-3g: for Windows machines. */
record Ntfs() implements DiskFileSystem {
  private static final int LONGEST_LABEL = 32;
  private static final int SECTOR = 512;

  @Override
  public String word() {
    return "ntfs";
  }

  @Override
  public Size smallest() {
    return new Size(4 << 20);
  }

  @Override
  public boolean isInPartition() {
    return true;
  }

  @Override
  public void make(Tools tools, Path device, NewFileSystem wanted) throws ToolException {
    List<String> arguments = new ArrayList<>(List.of("-q", "-F", "-Q"));
    // The start sector of the partition, and a conventional disk geometry, which Windows reads.
    arguments.addAll(List.of("-p", Long.toString(DataPartition.START / SECTOR)));
    arguments.addAll(List.of("-H", "255", "-S", "63"));
    wanted.label(LONGEST_LABEL).ifPresent(label -> arguments.addAll(List.of("-L", label)));
    arguments.add(device.toString());
    var _ = tools.run(Tool.of("mkfs.ntfs", arguments));
  }
}
