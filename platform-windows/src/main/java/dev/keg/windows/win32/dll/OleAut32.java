package dev.keg.windows.win32.dll;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * {@code oleaut32.dll}: the texts and values of COM, from {@code oleauto.h}. A BSTR is UTF-16 with
 * its length before its first character. A VARIANT begins with its type; the value is at 8.
 */
public interface OleAut32 extends Library {
  int VARIANT_SIZE = 24;
  int VARIANT_VALUE = 8;

  short VT_I4 = 3;
  short VT_BSTR = 8;
  short VT_BOOL = 11;
  short VARIANT_TRUE = -1;

  @Nullable Pointer SysAllocStringLen(@Nullable Pointer text, int characters);

  int SysStringLen(Pointer bstr);

  void SysFreeString(Pointer bstr);

  /** Frees what the value owns. */
  int VariantClear(Pointer variant);
}
