import { NavLink } from "react-router";
import styled from "styled-components";

import { t } from "../texts/t.ts";
import { PAGES } from "./pages.tsx";

/** Links between the pages, looking like BigDesign's tabs, which are buttons and no links. */
export function Navigation() {
  return (
    <nav aria-label={t("app.pages")}>
      <List>
        {PAGES.map(({ path, title }) => (
          <li key={path}>
            <NavLink to={path} end={path === "/"}>
              {t(title)}
            </NavLink>
          </li>
        ))}
      </List>
    </nav>
  );
}

const List = styled.ul`
  display: flex;
  flex-wrap: wrap;
  column-gap: ${({ theme }) => theme.spacing.medium};
  margin: ${({ theme }) => theme.spacing.xxSmall} 0 0;
  padding: 0;
  list-style: none;

  a {
    display: block;
    padding: ${({ theme }) => `${theme.spacing.small} ${theme.spacing.xxSmall}`};
    border-bottom: ${({ theme }) => theme.spacing.xxSmall} solid transparent;
    color: ${({ theme }) => theme.colors.secondary60};
    text-decoration: none;
  }

  a:hover {
    color: ${({ theme }) => theme.colors.primary};
  }

  a:focus-visible {
    border-radius: ${({ theme }) => theme.borderRadius.normal};
    outline: ${({ theme }) => theme.spacing.xxSmall} solid ${({ theme }) => theme.colors.primary20};
  }

  a[aria-current="page"] {
    border-bottom-color: ${({ theme }) => theme.colors.primary};
    color: ${({ theme }) => theme.colors.secondary70};
    font-weight: ${({ theme }) => theme.typography.fontWeight.semiBold};
  }
`;
