/** The pages: those of the navigation in its order, and those that others lead to. */
import type { ComponentType } from "react";

import { ChangeView } from "../changes/ChangeView.tsx";
import { ImportExport } from "../changes/ImportExport.tsx";
import { Feeds } from "../feeds/Feeds.tsx";
import { RunView } from "../feeds/RunView.tsx";
import { Overview } from "../overview/Overview.tsx";
import { Products } from "../products/Products.tsx";
import { Settings } from "../settings/Settings.tsx";
import type { PlainKey } from "../texts/t.ts";

export interface PageSpec {
  readonly path: string;
  readonly title: PlainKey;
  readonly Page: ComponentType;
}

export const PAGES: readonly PageSpec[] = [
  { path: "/", title: "page.overview", Page: Overview },
  { path: "/products", title: "page.products", Page: Products },
  { path: "/import-export", title: "page.importExport", Page: ImportExport },
  { path: "/feeds", title: "page.feeds", Page: Feeds },
  { path: "/settings", title: "page.settings", Page: Settings },
];

export const INNER_PAGES: readonly Omit<PageSpec, "title">[] = [
  { path: "/changes/:id", Page: ChangeView },
  { path: "/feeds/runs/:id", Page: RunView },
];
