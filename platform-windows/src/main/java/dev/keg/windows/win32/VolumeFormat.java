package dev.keg.windows.win32;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The file systems that Windows can create. */
public enum VolumeFormat {
  NTFS("NTFS", 32),
  REFS("ReFS", 32),
  FAT32("FAT32", 11),
  EXFAT("exFAT", 11);

  private final String windowsName;
  private final int longestLabel;

  VolumeFormat(String windowsName, int longestLabel) {
    this.windowsName = windowsName;
    this.longestLabel = longestLabel;
  }

  /** The label for a volume of this name: shortened, and without dots, which FAT does not allow. */
  String label(String name) {
    return name.substring(0, Math.min(name.length(), longestLabel)).replace('.', '_');
  }

  String windowsName() {
    return windowsName;
  }

  /** Its name in options. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static List<String> words() {
    return Arrays.stream(values()).map(VolumeFormat::word).toList();
  }

  public static VolumeFormat ofWord(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
