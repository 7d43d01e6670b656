package dev.keg.tree;

/** Receives what could not be preserved of a file, with the reason; the work continues. */
@FunctionalInterface
public interface Losses {
  void lost(TreePath path, String what, String why);
}
