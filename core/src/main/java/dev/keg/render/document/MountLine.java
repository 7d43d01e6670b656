package dev.keg.render.document;

import java.util.List;

/**
 * One mount as the columns of fstab(5), unescaped.
 *
 * @param pass the order of its check at boot; 0 means never
 */
record MountLine(String source, String target, String type, List<String> options, int pass) {
  MountLine {
    options = List.copyOf(options);
  }
}
