package dev.keg.windows.vhdx;

import dev.keg.disk.Disk;
import dev.keg.disk.DiskChain;
import dev.keg.disk.DiskException;
import dev.keg.disk.DiskFormat;
import dev.keg.driver.DriverContext.VolumeHomes;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.Windows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The disk file of a volume: in its home, or elsewhere with its path in a file of the home. A link
 * would do too, but creating links on Windows requires a privilege.
 *
 * @param adopted whether the file existed before its volume
 */
record VhdxFile(Path path, DiskFormat format, boolean adopted) {
  private static final String NAME = "disk.vhdx";
  private static final String ELSEWHERE = "disk.path";

  /** The disk file of a new volume. */
  static Path of(VolumeHome home) {
    return home.file(NAME);
  }

  /** The disk file of a volume. The name of an adopted file tells its format. */
  static VhdxFile in(VolumeHome home) throws IOException {
    Path named = home.file(ELSEWHERE);
    if (!Files.exists(named)) {
      return new VhdxFile(of(home), DiskFormat.VHDX, false);
    }
    Path path = home.path().getFileSystem().getPath(Files.readString(named));
    return new VhdxFile(path, ofName(path), true);
  }

  static void adopt(Path existing, VolumeHome home) throws IOException {
    Files.writeString(home.file(ELSEWHERE), existing.toString());
  }

  private static DiskFormat ofName(Path path) {
    return path.toString().toLowerCase(Locale.ROOT).endsWith(".vhd")
        ? DiskFormat.VHD
        : DiskFormat.VHDX;
  }

  /**
   * The format of a file that Windows can attach. Windows relies on the file name, so a wrong
   * extension is refused.
   */
  static DiskFormat recognise(Path file) throws IOException {
    DiskFormat format = DiskFormat.recognise(file);
    if (format != DiskFormat.VHDX && format != DiskFormat.VHD) {
      throw new DiskException(
          file, "Windows attaches vhdx and vhd, and this disk is " + format.word());
    }
    if (!file.toString().toLowerCase(Locale.ROOT).endsWith("." + format.word())) {
      throw new DiskException(
          file,
          "it is a %s disk, and Windows attaches it only if its name ends in .%s"
              .formatted(format.word(), format.word()));
    }
    var _ = DiskChain.of(file, format);
    return format;
  }

  Disk read() throws IOException {
    return Disk.of(path, format);
  }

  /** The volumes that use this adopted disk as a parent by its path, including unfinished ones. */
  List<VolumeName> children(VolumeHomes homes) throws IOException {
    List<VolumeName> children = new ArrayList<>();
    if (adopted) {
      List<VolumeHome> others = new ArrayList<>(homes.unfinished());
      others.addAll(homes.all());
      for (VolumeHome other : others) {
        VhdxFile disk = in(other);
        if (DiskChain.needs(disk.path(), disk.format(), path)) {
          children.add(new VolumeName(String.valueOf(other.path().getFileName())));
        }
      }
    }
    return children;
  }

  /** Whether other volumes are built on this disk. */
  boolean hasChildren(Windows windows, VolumeHomes homes) throws Win32Exception, IOException {
    return windows.security().names(path) > 1 || !children(homes).isEmpty();
  }

  List<Path> foundations() throws IOException {
    return DiskChain.of(path, format).parents().stream().map(DiskChain.Link::file).toList();
  }
}
