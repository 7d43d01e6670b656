package dev.keg.tree;

/** Receives what could not be kept of a file, and why; the work goes on. */
@FunctionalInterface
public interface Losses {
  void lost(TreePath path, String what, String why);
}
