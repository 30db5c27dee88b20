/** The pages, in the order of the navigation: one entry and one folder each. */
import type { ComponentType } from "react";

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
  { path: "/settings", title: "page.settings", Page: Settings },
];
