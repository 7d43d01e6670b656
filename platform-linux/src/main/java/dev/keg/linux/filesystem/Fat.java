package dev.keg.linux.filesystem;

import dev.keg.disk.content.DataPartition;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools;
import dev.keg.volume.Size;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** FAT32, by dosfstools, or exFAT, by exfatprogs: for Windows machines and for exchange. */
record Fat(boolean extended) implements DiskFileSystem {
  static final String FAT32 = "fat32";
  static final String EXFAT = "exfat";
  private static final int LONGEST_LABEL = 11;
  private static final int SECTOR = 512;

  @Override
  public String word() {
    return extended ? EXFAT : FAT32;
  }

  /** FAT32 has at least 65,525 clusters, and the partition table takes 2 MiB. */
  @Override
  public Size smallest() {
    return new Size(extended ? 8 << 20 : 40 << 20);
  }

  @Override
  public boolean isInPartition() {
    return true;
  }

  @Override
  public void make(Tools tools, Path device, NewFileSystem wanted) throws ToolException {
    List<String> arguments = new ArrayList<>();
    if (!extended) {
      arguments.addAll(List.of("-F", "32"));
      // The start sector of the partition, which Windows reads.
      arguments.addAll(List.of("-h", Long.toString(DataPartition.START / SECTOR)));
    }
    wanted
        .label(LONGEST_LABEL)
        .ifPresent(label -> arguments.addAll(List.of(extended ? "-L" : "-n", text(label))));
    arguments.add(device.toString());
    var _ = tools.run(Tool.of(extended ? "mkfs.exfat" : "mkfs.vfat", arguments));
  }

  /** The label; FAT32 allows only capital letters, and no dots. */
  private String text(String label) {
    return extended ? label : label.toUpperCase(Locale.ROOT).replace('.', '_');
  }
}
