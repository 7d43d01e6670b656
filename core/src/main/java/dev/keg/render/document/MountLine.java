package dev.keg.render.document;

import java.util.List;

/**
 * One mount in the columns of fstab(5), not escaped.
 *
 * @param pass when it is checked at boot; 0 is never
 */
record MountLine(String source, String target, String type, List<String> options, int pass) {
  MountLine {
    options = List.copyOf(options);
  }
}
