package dev.keg.copying;

import java.nio.file.FileSystem;

/** One end of a copy, as docker's {@code cp} parses it. */
public sealed interface CopyEnd {
  /**
   * {@code VOLUME[@SNAPSHOT]:PATH}; the path starts at the volume's root, with or without a slash.
   */
  record InVolume(String volume, String path) implements CopyEnd {
    @Override
    public String toString() {
      return volume + ":" + path;
    }
  }

  /** A path of the host. */
  record OnHost(String path) implements CopyEnd {
    @Override
    public String toString() {
      return path;
    }
  }

  /** {@code -}: a tar archive on standard input or output. */
  record Stream() implements CopyEnd {
    @Override
    public String toString() {
      return "-";
    }
  }

  /** A colon marks a volume, unless the text is an absolute path or begins with a dot. */
  static CopyEnd parse(String text, FileSystem host) {
    if (text.equals("-")) {
      return new Stream();
    }
    int colon = text.indexOf(':');
    if (colon < 0 || text.startsWith(".") || host.getPath(text).isAbsolute()) {
      return new OnHost(text);
    }
    return new InVolume(text.substring(0, colon), text.substring(colon + 1));
  }
}
