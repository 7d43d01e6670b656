package dev.keg.linux.image;

import dev.keg.linux.kernel.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The file systems that can be made in a file, and so without root. */
enum ImageFileSystem {
  EXT4(16, "-q -F -m 0"),
  XFS(12, "-q -f"),
  BTRFS(255, "-q -f"),
  NTFS(32, "-q -F -Q");

  private final int longestLabel;
  private final String arguments;

  ImageFileSystem(int longestLabel, String arguments) {
    this.longestLabel = longestLabel;
    this.arguments = arguments;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static ImageFileSystem ofWord(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** Makes it in a raw image, with the volume's name for a label as far as there is room. */
  Tool make(Path raw, String name) {
    List<String> line = new ArrayList<>(List.of(arguments.split(" ", -1)));
    line.add("-L");
    line.add(name.substring(0, Math.min(name.length(), longestLabel)));
    line.add(raw.toString());
    return Tool.of("mkfs." + word(), line);
  }
}
